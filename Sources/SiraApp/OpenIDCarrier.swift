import SiraCatalog
import SiraConfiguration
import SiraDashboard
import SiraIdentity
import SiraWire

/// Carries requests to identity providers, which are where the configuration says.
struct OpenIDCarrier: Sendable {
    private let http = OutgoingHTTP()

    /// Sends a request; redirects are not followed.
    func send(_ request: OpenIDRequest) async throws -> (status: Int, body: [UInt8]) {
        // Endpoints of some have a query or end in a slash, which base URLs do not.
        let (origin, path) = Self.halves(request.url)
        let base = try BaseURL(origin)
        var fields = HeaderFields()
        fields.append("user-agent", "sira/\(siraVersion)")
        for (name, value) in request.headers { fields.append(name, value) }
        let answer = try await http.send(
            request.method,
            to: base.endpoint,
            path: path,
            headers: fields,
            body: request.body
        )
        return (answer.status, answer.body)
    }

    /// A URL up to its path, and the rest.
    private static func halves(_ url: String) -> (origin: String, path: String) {
        let start = url.firstRange(of: "://")?.upperBound ?? url.startIndex
        let end = url[start...].firstIndex { "/?#".contains($0) } ?? url.endIndex
        let path = url[end...].prefix { $0 != "#" }
        return (String(url[..<end]), path.hasPrefix("/") ? String(path) : "/\(path)")
    }
}

extension SiraDashboard.SignInSettings {
    /// What the configuration says.
    init(_ settings: ConsoleSignInSettings) {
        self.init()
        takesPasswords = settings.takesPasswords
        providers = settings.providers.map { settings in
            var provider = OpenIDProvider(
                id: settings.id,
                name: settings.name ?? settings.id,
                issuer: settings.issuer,
                clientID: settings.clientID
            )
            provider.clientSecret = settings.clientSecret
            provider.scopes = settings.scopes
            provider.rolesClaim = settings.roles.claim
            provider.roles = settings.roles.map
            provider.organization = settings.organization
            provider.trustsEmail = settings.trustsEmail
            return provider
        }
    }
}
