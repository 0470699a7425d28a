import Hummingbird
import NIOCore
import SiraJSON
import SiraTelemetry

/// What is answered on the admin listener.
struct AdminRoutes: Sendable {
    let source: AdminSource
    let access: AdminAccess

    /// The page's own files hold no data and health says no more than yes or no; all else asks for the token.
    func router() -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self)
        router.add(middleware: AdminGuard(access: access))
        router.get("/") { request, _ in
            var page = Response(
                "text/html; charset=utf-8",
                ByteBuffer(string: AdminPage.markup(acceptLanguage: request.headers[.acceptLanguage]))
            )
            page.headers[.vary] = "Accept-Language"
            return page
        }
        for asset in AdminPage.assets {
            let body = ByteBuffer(string: asset.text)
            router.get(RouterPath(asset.path)) { _, _ in Response(asset.contentType, body) }
        }
        router.get("/health/live") { _, _ in Response.json(Array(#"{"status":"live"}"#.utf8)) }
        router.get("/health/ready") { _, _ in await readiness() }

        let guarded = router.group().add(middleware: TokenGuard(access: access))
        guarded.get("/api/status") { _, _ in Response.json(await source.status().json()) }
        guarded.get("/metrics") { _, _ in
            Response(MetricsRegistry.contentType, ByteBuffer(string: source.metrics()))
        }
        return router
    }

    private func readiness() async -> Response {
        let obstacles = await source.obstacles()
        var json = JSONWriter()
        json.object {
            $0.member("status", obstacles.isEmpty ? "ready" : "not_ready")
            if !obstacles.isEmpty { $0.array("obstacles") { for obstacle in obstacles { $0.element(obstacle) } } }
        }
        return .json(json.bytes, status: obstacles.isEmpty ? .ok : .serviceUnavailable)
    }
}
