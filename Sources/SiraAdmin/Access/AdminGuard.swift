package import HTTPTypes
package import Hummingbird
import Logging
package import NIOCore
import SiraJSON
import SiraStorage
import SiraTenancy

/// What every request passes first: it must be for this host, and only ask where the path does not change anything.
///
/// Every answer, refusals included, leaves with the headers that keep browsers from doing more with it than showing it.
struct AdminGuard<Context: RequestContext>: RouterMiddleware {
    let access: AdminAccess
    /// The endpoints of the admin API, which know themselves how they are asked; nil where there is none.
    var endpoints: EndpointTable?
    /// Whether Stripe may call.
    var hasWebhook = false

    @concurrent func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = await answer(request, context: context, next: next)
        for (name, value) in Self.headers where response.headers[name] == nil { response.headers[name] = value }
        return response
    }

    private func answer(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async -> Response {
        guard access.hosts.allows(request.head.authority) else {
            return .refusal(
                .misdirectedRequest,
                "host_not_allowed",
                "The Host header names another host. Add the name to admin.names in the configuration to use it."
            )
        }
        let methods = self.methods(of: request)
        guard methods.isEmpty || methods.contains(request.method.rawValue) else {
            let list = methods.joined(separator: ", ")
            var response = Response.refusal(.methodNotAllowed, "method_not_allowed", "Only \(list) is answered here.")
            response.headers[.allow] = list
            return response
        }
        do {
            return try await next(request, context)
        } catch let error as any HTTPResponseError where error.status == .notFound {
            return .refusal(.notFound, "not_found", "There is nothing at this path.")
        } catch {
            context.logger.error("admin request failed", metadata: ["error": "\(error)"])
            return .refusal(.internalServerError, "internal_error", "The request failed; the log says why.")
        }
    }

    /// How a path can be asked; none for a path of the admin API at which nothing is.
    private func methods(of request: Request) -> [String] {
        let path = request.uri.path
        if let endpoints, path.hasPrefix(EndpointTable.prefix + "/") { return endpoints.methods(of: path) }
        let isChange = HealthRoutes.changes.contains(path) || (hasWebhook && path == StripeWebhook.path)
        return isChange ? ["POST"] : ["GET"]
    }

    /// Nothing but our own files may run, be shown or be asked; nobody may frame the page; nothing is kept.
    private static var headers: [(HTTPField.Name, String)] {
        [
            (
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
                    + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
                    + "require-trusted-types-for 'script'; trusted-types vue"
            ),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Referrer-Policy", "no-referrer"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cache-Control", "no-store"),
        ].compactMap { name, value in HTTPField.Name(name).map { ($0, value) } }
    }
}

/// What requests for anything worth protecting pass next.
struct TokenGuard: RouterMiddleware {
    let access: AdminAccess
    /// Wrong admin tokens, wherever they were shown.
    let failures: FailedAttempts
    /// Finds out who asks; nil where there is no admin API.
    var gatekeeper: Gatekeeper?
    /// What users and service accounts need for the gateway as a whole; nil where only the admin token counts.
    var permission: Permission?

    @concurrent func handle(
        _ request: Request,
        context: AdminContext,
        next: @concurrent (Request, AdminContext) async throws -> Response
    ) async throws -> Response {
        if let permission, let gatekeeper {
            do {
                _ = try await gatekeeper.author(of: request, context, .gateway(permission))
            } catch let error as EndpointError {
                return error.response
            }
            return try await next(request, context)
        }
        if access.token == nil, gatekeeper?.isClosed != true { return try await next(request, context) }
        let (address, header) = (context.remoteAddress?.ipAddress ?? "", request.headers[.authorization])
        if let wait = failures.wait(address) { return Gatekeeper.tooMany(wait).response }
        guard access.token?.accepts(header) == true else {
            // The token of a person opens nothing here, but it is no guess at the admin token either.
            let isGuess = header.map { Gatekeeper.bearer($0).flatMap { TokenText.fingerprint(of: $0) } == nil } ?? false
            if isGuess, let wait = failures.count(address) { return Gatekeeper.tooMany(wait).response }
            var response = Response.refusal(.unauthorized, "unauthorized", "Send the admin token as a bearer token.")
            response.headers[.wwwAuthenticate] = "Bearer realm=\"sira admin\""
            return response
        }
        return try await next(request, context)
    }
}

extension TokenGuard {
    /// The same for users and service accounts too that have the permission for the gateway as a whole.
    func or(_ permission: Permission) -> TokenGuard {
        var copy = self
        copy.permission = permission
        return copy
    }
}

extension Response {
    /// An answer with a body of one piece.
    package init(_ contentType: String, _ body: ByteBuffer, status: HTTPResponse.Status = .ok) {
        self.init(status: status, headers: [.contentType: contentType], body: ResponseBody(byteBuffer: body))
    }

    /// An answer of JSON.
    package static func json(_ bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
        Response("application/json; charset=utf-8", ByteBuffer(bytes: bytes), status: status)
    }

    /// An error as all of the surface tells them.
    package static func refusal(_ status: HTTPResponse.Status, _ code: String, _ message: String) -> Response {
        var json = JSONWriter()
        json.object {
            $0.object("error") {
                $0.member("code", code)
                $0.member("message", message)
            }
        }
        return .json(json.bytes, status: status)
    }
}
