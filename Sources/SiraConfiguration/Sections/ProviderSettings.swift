package import SiraCore
package import SiraWire

/// One provider: what differs from the catalogue, or all of a provider that the catalogue does not know.
package struct ProviderSettings: Hashable, Sendable {
    /// Whether the provider is used at all.
    package var isEnabled = true
    /// nil is the catalogue's.
    package var wireProtocol: WireProtocol?
    /// `http(s)://host[:port][/path]` without a slash at the end, may hold `{variable}`; nil is the catalogue's.
    package var baseURL: String?
    /// The first key, if one is set here.
    package var apiKey: Secret?
    /// More keys, which share the requests with the first.
    package var keys: [Secret] = []
    /// An access key of Amazon's, with which requests are signed; nil leaves it to the environment.
    package var accessKeyID: String?
    /// What belongs to ``accessKeyID``.
    package var secretAccessKey: Secret?
    /// What comes with an access key that is valid for a while only.
    package var sessionToken: Secret?
    /// nil is the catalogue's, or else the protocol's own.
    package var auth: ProviderAuth?
    /// Header fields for every request to the provider.
    ///
    /// Values are secret because some are credentials.
    package var headers: [String: Secret] = [:]
    /// The provider's own names of the models that it serves, beyond those of the catalogue.
    package var models: [String] = []
    /// How long each part of an answer may take.
    package var timeouts = UpstreamTimeouts()
    /// The HTTP proxy through which the provider is reached; nil leaves it to the environment.
    package var proxy: ProxyAddress?
    /// Departures from the protocol that the operator knows of.
    package var quirks = QuirkSettings()
    /// Values for the `{variable}`s of the base URL.
    package var variables: [String: String] = [:]
    /// Names of client header fields, in lower case, that this provider receives; nil is the server's list.
    ///
    /// A `*` at a name's end stands for any ending.
    package var forwardHeaders: [String]?
    /// Where the provider works on requests, in the operator's words; nil where they do not say.
    package var region: String?
    /// Whether the operator says that the provider keeps nothing of this account's requests.
    package var hasZeroRetention = false

    package init() {}

    /// All keys, ``apiKey`` first.
    package var allKeys: [Secret] { (apiKey.map { [$0] } ?? []) + keys }
}

/// How a provider is told who asks.
package enum ProviderAuth: Hashable, Sendable {
    /// `Authorization: Bearer KEY`.
    case bearer
    /// `x-api-key: KEY`.
    case xAPIKey
    /// `api-key: KEY`.
    case apiKey
    /// Not at all.
    case none
    /// `name: prefixKEY`.
    case header(name: String, prefix: String)
}
