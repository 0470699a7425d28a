import HTTPTypes
import Hummingbird

/// What requests that change something pass next: no web page but our own may send them.
///
/// On this machine the surface may do without a token, and then any page that an operator has open could send such
/// requests from the operator's browser. Without our leave, which is never given, browsers send other pages' requests
/// only with the content types of forms, and they say whose page it is in `Origin` and `Sec-Fetch-Site`.
struct ChangeGuard<Context: RequestContext>: RouterMiddleware {
    @concurrent func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        if let refusal = Self.refusal(request) { return refusal }
        return try await next(request, context)
    }

    /// Why a request is not taken; nil when it is.
    static func refusal(_ request: Request) -> Response? {
        let type = request.headers[.contentType]?.prefix { $0 != ";" && $0 != " " }.lowercased()
        let types =
            request.method == .patch ? ["application/json", "application/merge-patch+json"] : ["application/json"]
        // Forms cannot be sent by DELETE, and browsers ask for leave before they send it elsewhere.
        guard request.method == .delete || type.map(types.contains) == true else {
            return .refusal(.unsupportedMediaType, "unsupported_media_type", "Send content-type: application/json.")
        }
        guard isOwn(request) else {
            return .refusal(.forbidden, "cross_site", "Other web pages may not send this.")
        }
        return nil
    }

    private static func isOwn(_ request: Request) -> Bool {
        if let site = HTTPField.Name("Sec-Fetch-Site").flatMap({ request.headers[$0] }),
            !["same-origin", "none"].contains(site)
        {
            return false
        }
        guard let origin = request.headers[.origin] else { return true }
        guard let host = request.head.authority?.lowercased() else { return false }
        return ["http://\(host)", "https://\(host)"].contains(origin.lowercased())
    }
}
