package import SiraCatalog
package import SiraCore
package import SiraWire

/// An operator's way to a provider: where, with which key, within which times.
package final class ProviderAccess: Sendable {
    /// The name in routes such as `openai/gpt-4o`.
    ///
    /// Usually the provider's id; one provider may have several accesses.
    package let name: String
    package let provider: Provider
    package let wire: WireProtocol
    package let baseURL: BaseURL
    package let credential: Credential?
    /// The provider's own headers and the operator's, names in lower case.
    package let headers: HeaderFields
    package let timeouts: UpstreamTimeouts

    /// An access through `baseURL`, or the provider's usual one when that is nil.
    ///
    /// - Throws: `providerNotConfigured` when the provider cannot be used this way; the message says what is missing.
    package init(
        name: String? = nil,
        provider: Provider,
        baseURL: String? = nil,
        key: Secret?,
        headers: HeaderFields = HeaderFields(),
        timeouts: UpstreamTimeouts = UpstreamTimeouts()
    ) throws(GatewayError) {
        let name = name ?? provider.id
        guard let wire = provider.wire else {
            throw GatewayError(
                .providerNotConfigured,
                "\(name): Sira does not speak the protocol \(provider.protocolLabel) yet."
            )
        }
        do throws(BaseURLError) {
            self.baseURL = try BaseURL(baseURL ?? provider.baseURL)
        } catch {
            throw GatewayError(.providerNotConfigured, "\(name): \(error)")
        }
        self.name = name
        self.provider = provider
        self.wire = wire
        self.timeouts = timeouts
        credential = try Self.credential(for: provider, key: key, name: name)
        let own = headers.map { (name: $0.name.lowercased(), value: $0.value) }
        let usual = provider.headers.filter { header in !own.contains { $0.name == header.name } }
        let all = HeaderFields(usual + own)
        self.headers = all
    }

    private static func credential(
        for provider: Provider,
        key: Secret?,
        name: String
    ) throws(GatewayError) -> Credential? {
        if case .unsupported(let scheme) = provider.auth {
            throw GatewayError(.providerNotConfigured, "\(name): authentication by \(scheme) is not supported yet.")
        }
        guard let key, !key.isEmpty else {
            if provider.isKeyOptional || provider.auth == .none { return nil }
            throw GatewayError(.providerNotConfigured, "\(name): no key is set\(provider.keyHint).")
        }
        guard case .header(let header, let prefix) = provider.auth else {
            return Credential(name: "authorization", value: Secret("Bearer \(key.reveal())"))
        }
        return Credential(name: header, value: Secret(prefix + key.reveal()))
    }
}

extension Provider {
    /// What to do about a missing key, as the end of a sentence.
    package var keyHint: String {
        usualKeyVariable.map { "; set \($0) or give the key in the configuration" } ?? ""
    }
}
