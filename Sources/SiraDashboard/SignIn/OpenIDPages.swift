import HTTPTypes
import Hummingbird
import Logging
package import SiraAdmin
import SiraCore
package import SiraIdentity
import SiraStorage

/// The way to an identity provider and back.
package struct OpenIDPages: AdminSurface {
    let identity: Identity
    let client: OpenIDClient
    let settings: @Sendable () -> SignInSettings

    static let prefix = "/auth/oidc"
    private static let signInPage = "/sign-in"

    /// - Parameter settings: asked for each request.
    package init(_ identity: Identity, client: OpenIDClient, settings: @escaping @Sendable () -> SignInSettings) {
        self.identity = identity
        self.client = client
        self.settings = settings
    }

    package func routes(_ gate: AdminGate) -> [AdminRoute] {
        [
            AdminRoute("\(Self.prefix)/:id") { request, context in
                await answer(request, gate.caller(request, context), context.logger) { provider, caller in
                    try await start(provider, caller)
                }
            },
            AdminRoute("\(Self.prefix)/:id/callback") { request, context in
                await answer(request, gate.caller(request, context), context.logger) { provider, caller in
                    try await finish(provider, request, caller)
                }
            },
        ]
    }

    /// Answers for one provider; what goes wrong is told on the page for signing in, and in the log.
    private func answer(
        _ request: Request,
        _ caller: Caller,
        _ logger: Logger,
        _ work: (OpenIDProvider, Caller) async throws -> Response
    ) async -> Response {
        let parts = request.uri.path.dropFirst(Self.prefix.count).split(separator: "/")
        guard let provider = settings().providers.first(where: { $0.id == parts.first.map(String.init) }) else {
            return .refusal(.notFound, "not_found", "There is no identity provider of this name.")
        }
        do {
            return try await work(provider, caller)
        } catch {
            let metadata: Logger.Metadata = ["provider": "\(provider.id)", "error": "\(error)"]
            logger.warning("a sign-in by an identity provider failed", metadata: metadata)
            if (error as? SignInError) != .notBegun {
                try? await identity.noteRefusal(by: provider, from: SignInPlace(caller))
            }
            let code =
                switch error {
                case SignInError.notAdmitted: "not_admitted"
                case SignInError.tooMany: "too_many_attempts"
                default: "provider_failed"
                }
            var response = Self.redirect(to: "\(Self.signInPage)?error=\(code)")
            response.headers.append(Self.passage("", provider, caller, seconds: 0))
            return response
        }
    }

    private func start(_ provider: OpenIDProvider, _ caller: Caller) async throws -> Response {
        let way = try await client.begin(provider, returningTo: Self.returnAddress(provider, caller))
        var response = Self.redirect(to: way.url)
        let seconds = OpenIDClient.time.components.seconds
        response.headers.append(Self.passage(way.kept, provider, caller, seconds: seconds))
        return response
    }

    private func finish(_ provider: OpenIDProvider, _ request: Request, _ caller: Caller) async throws -> Response {
        let kept = SessionCookie.value(of: Self.cookieName(caller), in: request.headers)
        var query: [String: String] = [:]
        for name in ["code", "state", "iss", "error"] {
            query[name] = request.uri.queryParameters[name[...]].map(String.init)
        }
        let place = SignInPlace(caller)
        // Before anything counts: else any page could have browsers come here until their network has to wait.
        let passage = try await client.passage(to: provider, state: query["state"], kept: kept)
        let reached = try await identity.counting(at: place) {
            let claims = try await client.finish(
                provider,
                query,
                passage,
                returningTo: Self.returnAddress(provider, caller)
            )
            return try await identity.signIn(
                claims,
                from: provider,
                at: place,
                insteadOf: caller.session?.reveal()
            )
        }
        // The document at `/` says nothing to anybody; its script then asks from this site, with the cookie.
        var response = Self.redirect(to: reached.needsSecondFactor ? "\(Self.signInPage)?step=second-factor" : "/")
        let cookie = SessionCookie.setting(reached, caller)
        response.headers.append(HTTPField(name: cookie.name, value: cookie.value))
        response.headers.append(Self.passage("", provider, caller, seconds: 0))
        return response
    }

    private static func returnAddress(_ provider: OpenIDProvider, _ caller: Caller) -> String {
        "\(caller.origin)\(prefix)/\(provider.id)/callback"
    }

    private static func redirect(to url: String) -> Response {
        Response(status: .seeOther, headers: [.location: url])
    }

    private static func cookieName(_ caller: Caller) -> String {
        caller.isSecure ? "__Secure-sira_oidc" : "sira_oidc"
    }

    /// What the browser keeps until it comes back, which it does from another site: hence not `Strict`.
    private static func passage(
        _ text: String,
        _ provider: OpenIDProvider,
        _ caller: Caller,
        seconds: Int64
    ) -> HTTPField {
        HTTPField(
            name: .setCookie,
            value:
                "\(cookieName(caller))=\(text); Path=\(prefix)/\(provider.id)/callback; Max-Age=\(seconds); HttpOnly; "
                + "SameSite=Lax" + (caller.isSecure ? "; Secure" : "")
        )
    }
}
