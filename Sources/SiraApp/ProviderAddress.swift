internal import SiraCatalog
internal import SiraConfiguration
internal import SiraWire

/// The base URL of a provider, and who gave it: the configuration, else the environment, else the catalogue.
struct ProviderAddress {
    enum Origin: Hashable {
        case configuration
        /// A variable of the environment, by its name.
        case variable(String)
        case catalog
    }

    /// What comes before the protocol's own paths, its placeholders filled in as far as there are values.
    var url: String
    var origin: Origin

    /// nil when nobody gives one.
    ///
    /// - Parameters:
    ///   - known: what the catalogue says of the provider, nil when it does not know it.
    ///   - wire: the protocol in use. The paths of `anthropic` begin with `/v1` and those of `gemini` with `/v1beta`,
    ///     which many give as part of the base URL too; it is taken off, and so are `/v2` of `cohere` and what Ollama
    ///     speaks under `/v1` besides.
    init?(
        provider id: String,
        settings: ProviderSettings?,
        environment: Environment,
        known: Provider?,
        wire: WireProtocol?
    ) {
        if let url = settings?.baseURL {
            (self.url, origin) = (url, .configuration)
        } else if let (name, url) = environment.address(of: id, known) {
            (self.url, origin) = (url, .variable(name))
        } else if let url = known?.baseURL, !url.isEmpty {
            (self.url, origin) = (url, .catalog)
        } else {
            return nil
        }
        for (name, value) in settings?.variables ?? [:] {
            url = url.split(separator: "{\(name)}", omittingEmptySubsequences: false).joined(separator: value)
        }
        if known?.auth == .awsSignature, let region = AmazonCredential.region(environment) {
            url = url.split(separator: "{region}", omittingEmptySubsequences: false).joined(separator: region)
        }
        while url.hasSuffix("/") { url.removeLast() }
        if wire == .ollama || wire == .cohere, url.hasSuffix("/v1") || url.hasSuffix("/v2") { url.removeLast(3) }
        // Azure's portal shows an endpoint without a path.
        if known?.quirks.hosting == .azure {
            if url.hasSuffix("/openai") { url += "/v1" } else if url.isBareOrigin { url += "/openai/v1" }
        }
        // Google has a host for each region, and one for all of them.
        let regional = "https://global-aiplatform.googleapis.com"
        if url.hasPrefix(regional) { url = "https://aiplatform.googleapis.com" + url.dropFirst(regional.count) }
        guard known?.quirks.hosting != .vertex else { return }
        if wire == .anthropic || wire == .gemini, url.hasSuffix("/v1") { url.removeLast(3) }
        if wire == .gemini, url.hasSuffix("/v1beta") { url.removeLast(7) }
    }

    /// The first placeholder that is still there.
    var missing: Substring? {
        url.firstIndex(of: "{").map { url[url.index(after: $0)...].prefix { $0 != "}" } }
    }

    /// `message` as a problem of whoever gave the URL.
    func problem(_ message: String, provider id: String, in settings: Settings) -> ConfigurationProblem {
        switch origin {
        case .configuration: settings.origin.problem(at: "providers.\(id).base_url", message)
        case .variable(let name): ConfigurationProblem(variable: name, message: message)
        case .catalog: settings.origin.problem(at: "providers.\(id)", message)
        }
    }
}

extension String {
    /// Whether a URL is a scheme and a host with nothing behind.
    fileprivate var isBareOrigin: Bool { split(separator: "/").count == 2 }
}

extension Environment {
    /// The variable that takes the place of a provider's base URL, if it is set, and its value.
    func address(of id: String, _ known: Provider?) -> (name: String, url: String)? {
        if let url = baseURL(ofProvider: id) { return (Self.prefix(ofProvider: id) + "_BASE_URL", url) }
        return known.flatMap { provider in text(provider.baseURLVariable).map { (provider.baseURLVariable, $0) } }
    }
}
