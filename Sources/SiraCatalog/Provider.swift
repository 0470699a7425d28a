package import SiraWire

/// A service that answers for models: where it is, what it speaks and how it departs from that.
///
/// Facts only. Keys and an operator's own wishes are elsewhere.
package final class Provider: Sendable {
    /// The name in routes such as `openai/gpt-4o`: lower case letters, digits, hyphens.
    package let id: String
    /// The name for people.
    package let name: String
    /// The Chinese name, of providers that have one.
    package let nameZH: String?
    /// The base URL, perhaps with places to fill in such as `{region}`; empty when each customer has their own.
    package let baseURL: String
    /// The protocol, when Sira speaks it.
    package let wire: WireProtocol?
    /// The protocol's name, spoken or not.
    package let protocolLabel: String
    /// How calls are authenticated.
    package let auth: AuthScheme
    /// Environment variables that by custom hold the key, the usual one first.
    package let keyVariables: [String]
    /// The environment variable that takes the place of the base URL, such as `OPENAI_BASE_URL`.
    package let baseURLVariable: String
    /// Headers that every request carries, names in lower case.
    package let headers: HeaderFields
    /// How the provider departs from its protocol.
    package let quirks: Quirks
    /// What else an operator has to give, such as `region`.
    package let needs: [String]
    /// The country of the provider, ISO 3166-1 alpha-2.
    package let country: String?
    /// Whether the provider also answers without a key, as servers on one's own machine do.
    package let isKeyOptional: Bool
    /// The provider whose models, and prices, these are too; nil when the provider has its own.
    package let modelsFrom: String?
    /// Whether the entry was checked against the provider's own documentation.
    package let isVerified: Bool
    /// A remark for people.
    package let note: String?
    /// Where the entry comes from.
    package let source: String?
    /// Whether setting a key's variable is all it takes to use the provider.
    package let isZeroConfig: Bool

    init(_ draft: ProviderDraft) {
        id = draft.id
        name = draft.name.isEmpty ? draft.id : draft.name
        nameZH = draft.nameZH
        baseURL = draft.baseURL
        let spoken = SpokenProtocol(label: draft.protocolLabel)
        wire = spoken?.wire
        protocolLabel = draft.protocolLabel
        auth = draft.auth
        keyVariables = draft.keyVariables
        baseURLVariable =
            draft.baseURLVariable ?? String(draft.id.uppercased().map { $0 == "-" ? "_" : $0 }) + "_BASE_URL"
        headers = draft.headers
        var quirks = draft.quirks
        if let spoken, spoken.hosting != .own { quirks.hosting = spoken.hosting }
        self.quirks = quirks
        needs = draft.needs
        country = draft.country
        isKeyOptional = draft.isKeyOptional
        modelsFrom = draft.modelsFrom
        isVerified = draft.isVerified
        note = draft.note
        source = draft.source
        isZeroConfig = draft.isZeroConfig
    }

    /// Whether Sira can send requests to the provider today: it speaks the protocol and can authenticate.
    package var isSpoken: Bool { wire != nil && auth.isSupported }

    /// The variable that a message should name when there is no key.
    package var usualKeyVariable: String? { keyVariables.first }
}

/// What the catalogue's word for a protocol means.
private struct SpokenProtocol {
    let wire: WireProtocol
    var hosting = Quirks.Hosting.own

    /// Nil when Sira does not speak it.
    init?(label: String) {
        switch label {
        case "azure": (wire, hosting) = (.openai, .azure)
        case "vertex": (wire, hosting) = (.gemini, .vertex)
        case "anthropic-vertex": (wire, hosting) = (.anthropic, .vertex)
        case "openai-responses": wire = .responses
        default:
            guard let wire = WireProtocol(rawValue: label) else { return nil }
            self.wire = wire
        }
    }
}

/// A provider while it is being put together from the data file or from overrides.
struct ProviderDraft {
    var id: String
    var name = ""
    var nameZH: String?
    var baseURL = ""
    var protocolLabel = WireProtocol.openai.rawValue
    var auth = AuthScheme.bearer
    var keyVariables: [String] = []
    var baseURLVariable: String?
    var headers = HeaderFields()
    var quirks = Quirks()
    var needs: [String] = []
    var country: String?
    var isKeyOptional = false
    var modelsFrom: String?
    var isVerified = true
    var note: String?
    var source: String?
    var isZeroConfig = true

    init(id: String) {
        self.id = id
    }

    init(_ provider: Provider) {
        id = provider.id
        name = provider.name
        nameZH = provider.nameZH
        baseURL = provider.baseURL
        protocolLabel = provider.protocolLabel
        auth = provider.auth
        keyVariables = provider.keyVariables
        baseURLVariable = provider.baseURLVariable
        headers = provider.headers
        quirks = provider.quirks
        needs = provider.needs
        country = provider.country
        isKeyOptional = provider.isKeyOptional
        modelsFrom = provider.modelsFrom
        isVerified = provider.isVerified
        note = provider.note
        source = provider.source
        isZeroConfig = provider.isZeroConfig
    }
}
