internal import SiraCatalog
internal import SiraConfiguration
internal import SiraCore
internal import SiraPipeline
internal import SiraRouting
internal import SiraWire

/// Which providers are to be used, and how each is reached.
///
/// Made in two steps, for an access needs the facts as the configuration corrects them: ``overrides`` first, then
/// ``open(with:)`` with the catalogue that they result in.
struct ProviderPlan {
    private(set) var overrides = CatalogOverrides()
    private(set) var accesses: [ProviderAccess] = []
    private(set) var sources: [World.Source] = []
    private(set) var problems: [ConfigurationProblem] = []
    private(set) var warnings: [String] = []

    private let settings: Settings
    private let environment: Environment
    private var drafts: [Draft] = []

    /// A provider that is to be used.
    private struct Draft {
        var id: String
        /// nil when the environment alone switched it on.
        var settings: ProviderSettings?
        var address: ProviderAddress
        var keys: [Secret]
        var origin: String
        /// Where its base URL may lead, when it is not the operator's own; nil for anywhere.
        var addressGuard: AddressGuard?
    }

    init(settings: Settings, environment: Environment, catalog: Catalog) {
        self.settings = settings
        self.environment = environment
        for id in settings.origin.ordered(settings.providers.keys, in: "providers") {
            guard let provider = settings.providers[id], provider.isEnabled else { continue }
            if let known = catalog.provider(id) {
                adapt(id, known, provider)
            } else {
                add(id, provider, catalog)
            }
            guard drafts.last?.id == id else { continue }
            for name in provider.models where catalog.exactModel(provider: id, name: name) == nil {
                overrides.models.append(ModelOverride(provider: id, id: name))
            }
        }
        for provider in catalog.providers where settings.providers[provider.id] == nil { discover(provider) }
    }

    /// Opens the accesses with the facts of `catalog`.
    mutating func open(with catalog: Catalog) {
        for draft in drafts {
            guard let provider = catalog.provider(draft.id) else { continue }
            do throws(GatewayError) {
                accesses.append(
                    try ProviderAccess(
                        provider: provider,
                        baseURL: draft.address.url,
                        keys: draft.keys,
                        signer: try signer(for: provider, draft),
                        headers: draft.settings?.headerFields ?? HeaderFields(),
                        timeouts: draft.settings?.timeouts ?? UpstreamTimeouts(),
                        proxy: draft.settings?.proxy,
                        forwardedHeaders: draft.settings?.forwardedHeaders,
                        region: draft.settings?.region,
                        isZeroRetention: draft.settings?.hasZeroRetention ?? false,
                        addressGuard: draft.addressGuard
                    )
                )
                sources.append(World.Source(provider: draft.id, origin: draft.origin))
            } catch {
                let message =
                    error.message.hasPrefix("\(draft.id): ")
                    ? String(error.message.dropFirst(draft.id.count + 2)) : error.message
                problems.append(settings.origin.problem(at: "providers.\(draft.id)", message))
            }
        }
    }

    private func signer(for provider: Provider, _ draft: Draft) throws(GatewayError) -> (any RequestSigner)? {
        let readsFiles = !isKeyedByLayer(draft.id)
        if let signer = try GoogleCredential.signer(for: provider, keys: draft.keys, readsFiles: readsFiles) {
            return signer
        }
        return try AmazonCredential.signer(
            for: provider,
            keys: draft.keys,
            settings: draft.settings,
            environment: draft.addressGuard == nil ? environment : Environment(),
            url: draft.address.url
        )
    }

    // MARK: the configuration's providers

    /// A provider that the catalogue knows.
    private mutating func adapt(_ id: String, _ known: Provider, _ provider: ProviderSettings) {
        let wire = provider.wireProtocol ?? known.wire
        var override = ProviderOverride(id: id)
        override.wire = provider.wireProtocol
        override.auth = provider.auth?.scheme ?? (known.auth.isSupported ? nil : wire?.usualAuth)
        override.quirks = provider.quirks(over: known.quirks)
        var keys = keys(id, of: provider, variables: known.auth == .awsSignature ? [] : known.keyVariables)
        if known.auth == .awsSignature, keys.isEmpty, !isAddressedByLayer(id) {
            keys = AmazonCredential.tokens(provider, environment)
        }
        use(id, provider, known: known, wire: wire, keys: keys, override)
    }

    /// A provider that the catalogue does not know.
    ///
    /// Whether it asks for a key only it can tell, so none is required.
    private mutating func add(_ id: String, _ provider: ProviderSettings, _ catalog: Catalog) {
        guard let wire = provider.wireProtocol, provider.baseURL != nil || environment.address(of: id, nil) != nil
        else {
            let missing = [
                provider.wireProtocol == nil ? "protocol" : nil, provider.baseURL == nil ? "base_url" : nil,
            ].compactMap(\.self).joined(separator: " and ")
            let hint = NearestName.hint(for: id, among: catalog.providers.map(\.id))
            let message = "the catalogue does not know this provider, so it needs \(missing)\(hint)"
            problems.append(settings.origin.problem(at: "providers.\(id)", message))
            return
        }
        var override = ProviderOverride(id: id)
        override.wire = wire
        override.auth = provider.auth?.scheme ?? wire.usualAuth
        override.quirks = provider.quirks(over: Quirks())
        override.isKeyOptional = true
        override.keyVariables = [Environment.prefix(ofProvider: id) + "_API_KEY"]
        let keys = keys(id, of: provider, variables: override.keyVariables ?? [])
        use(id, provider, known: nil, wire: wire, keys: keys, override)
    }

    /// Checks the base URL and takes the provider into the plan.
    private mutating func use(
        _ id: String,
        _ provider: ProviderSettings,
        known: Provider?,
        wire: WireProtocol?,
        keys: [Secret],
        _ override: ProviderOverride
    ) {
        guard let address = address(of: id, provider, known: known, wire: wire) else { return }
        var override = override
        override.baseURL = address.url
        overrides.providers.append(override)
        var draft = Draft(id: id, settings: provider, address: address, keys: keys, origin: "configuration")
        // A service account says itself where its tokens are had.
        if isAddressedByLayer(id) || (isKeyedByLayer(id) && known?.quirks.hosting == .vertex) {
            let addressGuard = settings.providerGuard(at: address.url)
            if let refusal = addressGuard.refusal(ofProviderAt: address.url) {
                problems.append(settings.origin.problem(at: "providers.\(id).base_url", refusal))
                return
            }
            draft.addressGuard = addressGuard
        }
        drafts.append(draft)
    }

    /// Whether a key of the provider is the layer's.
    private func isKeyedByLayer(_ id: String) -> Bool {
        ["api_key", "keys"].contains { settings.origin.isOfLayer("providers.\(id).\($0)") }
    }

    /// Whether the layer says where the provider is.
    private func isAddressedByLayer(_ id: String) -> Bool {
        let origin = settings.origin
        let isOwn = settings.providers[id]?.baseURL != nil && origin.isOfLayer("providers.\(id).base_url")
        return isOwn
            || (settings.providers[id]?.variables ?? [:]).keys.contains {
                origin.isOfLayer("providers.\(id).variables.\($0)")
            }
    }

    /// The keys for a provider: the configuration's, else that of the first variable that is set.
    ///
    /// The environment's go nowhere but to addresses of the operator's.
    private func keys(_ id: String, of provider: ProviderSettings, variables: [String]) -> [Secret] {
        if provider.auth == ProviderAuth.none { return [] }
        guard provider.allKeys.isEmpty, !isAddressedByLayer(id) else { return provider.allKeys }
        return variables.lazy.compactMap(environment.text).prefix(1).map { Secret($0) }
    }

    // MARK: the environment's providers

    /// Uses a provider of which the configuration says nothing when the environment has all that it takes: its key, or
    /// for one that needs none, its base URL.
    private mutating func discover(_ provider: Provider) {
        let variable = provider.keyVariables.first { environment.text($0) != nil }
        guard provider.isSpoken else { return }
        let origin: String
        if provider.isKeyOptional {
            guard let address = environment.address(of: provider.id, provider) else { return }
            origin = address.name
        } else {
            guard provider.isZeroConfig, let variable else { return }
            origin = variable
        }
        guard let address = address(of: provider.id, nil, known: provider, wire: provider.wire) else { return }
        let keys = variable.flatMap(environment.text).map { [Secret($0)] } ?? []
        drafts.append(Draft(id: provider.id, settings: nil, address: address, keys: keys, origin: origin))
    }

    // MARK: base URLs

    /// The provider's base URL when it is one to which requests can go; otherwise a problem is noted.
    private mutating func address(
        of id: String,
        _ provider: ProviderSettings?,
        known: Provider?,
        wire: WireProtocol?
    ) -> ProviderAddress? {
        let address = ProviderAddress(
            provider: id,
            settings: provider,
            environment: environment,
            known: known,
            wire: wire
        )
        guard let address else {
            let message = "every customer of this provider has a base URL of their own; give it as base_url"
            problems.append(settings.origin.problem(at: "providers.\(id)", message))
            return nil
        }
        if let name = address.missing, case .catalog = address.origin {
            let message =
                "the base URL \(address.url) needs a value for {\(name)}; give it in providers.\(id).variables"
            problems.append(settings.origin.problem(at: "providers.\(id)", message))
            return nil
        }
        do throws(BaseURLError) {
            let url = try BaseURL(address.url)
            if leadsBack(url) {
                warnings.append("The base URL of \(id), \(url), is the address on which Sira itself listens.")
            }
            return address
        } catch {
            problems.append(address.problem("\(error)", provider: id, in: settings))
            return nil
        }
    }

    /// Whether requests to `url` come back to this gateway.
    ///
    /// Clients' variables, such as `OPENAI_BASE_URL`, are set to that where the gateway is in use, and it may see them.
    private func leadsBack(_ url: BaseURL) -> Bool {
        ListenAddress(host: url.endpoint.host, port: url.endpoint.port).isLoopback
            && url.endpoint.port == settings.server.address.port
    }
}

extension Settings {
    /// Where a provider may be that is not the operator's own.
    ///
    /// Servers of one's own network seldom have certificates; all others are asked over TLS alone.
    fileprivate func providerGuard(at url: String) -> AddressGuard {
        let allowsOwn = admin.allowsPrivateProviders
        return AddressGuard(
            allowsLoopback: allowsOwn,
            allowsOwnNetwork: allowsOwn,
            allowsPublic: !(allowsOwn && url.isPlainHTTP)
        )
    }
}

extension AddressGuard {
    /// Why a provider may not be at a URL, as far as its spelling tells; nil where it may.
    fileprivate func refusal(ofProviderAt url: String) -> String? {
        do throws(AddressRefusal) {
            // Whether it is one's own, and needs no TLS, is known of names only once they are looked up.
            _ = try target(of: allowsPublic ? url : "https://" + url.dropFirst("http://".count))
            return nil
        } catch {
            guard !allowsOwnNetwork else { return "\(error)" }
            return "\(error); admin.private_providers in the configuration file allows addresses of your own"
        }
    }
}

extension String {
    fileprivate var isPlainHTTP: Bool { lowercased().hasPrefix("http://") }
}

extension ProviderSettings {
    /// The operator's header fields, in the order of their names.
    fileprivate var headerFields: HeaderFields {
        HeaderFields(headers.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value.reveal()) })
    }

    /// The clients' header fields that the provider is given in place of those of all; nil when nothing is said.
    fileprivate var forwardedHeaders: HeaderPatterns? {
        forwardHeaders.map { HeaderPatterns(GatewayPolicy.defaultForwardedHeaders + $0) }
    }

    fileprivate func quirks(over known: Quirks) -> Quirks {
        var result = known
        quirks.override(&result)
        return result
    }
}

extension ProviderAuth {
    fileprivate var scheme: AuthScheme {
        switch self {
        case .bearer: .bearer
        case .xAPIKey: .header(name: "x-api-key", prefix: "")
        case .apiKey: .header(name: "api-key", prefix: "")
        case .none: .none
        case .header(let name, let prefix): .header(name: name.lowercased(), prefix: prefix)
        }
    }
}

extension WireProtocol {
    /// How the protocol's own provider is shown who calls.
    fileprivate var usualAuth: AuthScheme {
        switch self {
        case .openai, .responses, .cohere, .bedrock: .bearer
        case .anthropic: .header(name: "x-api-key", prefix: "")
        case .gemini: .header(name: "x-goog-api-key", prefix: "")
        case .ollama: .none
        }
    }
}
