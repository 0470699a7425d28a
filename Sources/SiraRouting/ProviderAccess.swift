package import SiraCatalog
package import SiraCore
package import SiraHealth
package import SiraWire

/// An operator's way to a provider: where, with which keys, within which times.
package final class ProviderAccess: Sendable {
    /// The name in routes such as `openai/gpt-4o`.
    ///
    /// Usually the provider's id; one provider may have several accesses.
    package let name: String
    package let provider: Provider
    package let wire: WireProtocol
    package let baseURL: BaseURL
    /// The header that shows who calls, ready made for each key, in their order; empty when nothing is sent.
    package let credentials: [Credential]
    /// What else shows who calls; nil where ``credentials`` are enough.
    package let signer: (any RequestSigner)?
    /// The provider's own headers and the operator's, names in lower case.
    package let headers: HeaderFields
    package let timeouts: UpstreamTimeouts
    /// The proxy through which the provider is reached; nil where none is set for it.
    package let proxy: ProxyAddress?
    /// Header fields of clients that are passed on; nil are those that every provider is given.
    package let forwardedHeaders: HeaderPatterns?
    /// Where the provider processes what it is sent, as the operator states it, such as `eu`; nil where none is stated.
    package let region: String?
    /// Whether the provider keeps nothing of what it is sent, as the operator states it.
    package let isZeroRetention: Bool
    /// Which addresses its name may lead to; nil for any.
    package let addressGuard: AddressGuard?

    /// An access through `baseURL`, or the provider's usual one when that is nil.
    ///
    /// - Throws: `providerNotConfigured` when the provider cannot be used this way; the message says what is missing.
    package init(
        name: String? = nil,
        provider: Provider,
        baseURL: String? = nil,
        keys: [Secret],
        signer: (any RequestSigner)? = nil,
        headers: HeaderFields = HeaderFields(),
        timeouts: UpstreamTimeouts = UpstreamTimeouts(),
        proxy: ProxyAddress? = nil,
        forwardedHeaders: HeaderPatterns? = nil,
        region: String? = nil,
        isZeroRetention: Bool = false,
        addressGuard: AddressGuard? = nil
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
        self.proxy = proxy
        self.forwardedHeaders = forwardedHeaders
        self.region = region?.lowercased()
        self.isZeroRetention = isZeroRetention
        self.addressGuard = addressGuard
        self.signer = signer
        credentials = signer == nil ? try Self.credentials(for: provider, keys: keys, name: name) : []
        let own = headers.map { (name: $0.name.lowercased(), value: $0.value) }
        let usual = provider.headers.filter { header in !own.contains { $0.name == header.name } }
        let all = HeaderFields(usual + own)
        self.headers = all
    }

    /// How its keys do.
    package func health(on board: HealthBoard) -> AccessHealth {
        board.access(name, keys: credentials.map(\.digest))
    }

    private static func credentials(
        for provider: Provider,
        keys: [Secret],
        name: String
    ) throws(GatewayError) -> [Credential] {
        if case .unsupported(let scheme) = provider.auth {
            throw GatewayError(.providerNotConfigured, "\(name): authentication by \(scheme) is not supported yet.")
        }
        let keys = keys.filter { !$0.isEmpty }
        guard !keys.isEmpty else {
            if provider.isKeyOptional || provider.auth == .none { return [] }
            throw GatewayError(.providerNotConfigured, "\(name): no key is set\(provider.keyHint).")
        }
        guard case .header(let header, let prefix) = provider.auth else {
            return keys.map { Credential(name: "authorization", value: Secret("Bearer \($0.reveal())")) }
        }
        return keys.map { Credential(name: header, value: Secret(prefix + $0.reveal())) }
    }
}

extension Provider {
    /// What to do about a missing key, as the end of a sentence.
    package var keyHint: String {
        usualKeyVariable.map { "; set \($0) or give the key in the configuration" } ?? ""
    }
}
