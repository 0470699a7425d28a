import HTTPTypes
import Hummingbird
import NIOCore
import SiraCore
import SiraExperiments
import SiraJSON
import SiraTelemetry

/// What is answered on the admin listener.
struct AdminRoutes: Sendable {
    let source: AdminSource
    let access: AdminAccess

    /// The page's own files hold no data and health says no more than yes or no; all else asks for the token.
    func router() -> Router<AdminContext> {
        let router = Router(context: AdminContext.self)
        let failures = FailedAttempts(clock: source.api?.clock ?? .system)
        let api = source.api.map { AdminAPI(source: $0, access: access, failures: failures) }
        router.add(middleware: AdminGuard(access: access, endpoints: api?.table, hasWebhook: source.stripe != nil))
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

        if let stripe = source.stripe {
            router.post(RouterPath(StripeWebhook.path)) { await stripe.answer($0, $1) }
        }

        let guarded = router.group().add(middleware: TokenGuard(access: access, failures: failures))
        guarded.get("/api/status") { _, _ in Response.json(await source.status().json()) }
        guarded.get("/metrics") { _, _ in
            Response(MetricsRegistry.contentType, ByteBuffer(string: source.metrics()))
        }
        let health = HealthRoutes(source: source.health)
        guarded.get("/api/health") { request, _ in health.overview(request) }
        guarded.get("/api/experiments") { _, _ in experiments() }
        let changing = guarded.group().add(middleware: ChangeGuard())
        changing.post("/api/health/drain") { await health.carryOut(.drain, $0, $1) }
        changing.post("/api/health/resume") { await health.carryOut(.resume, $0, $1) }
        if let api {
            for method: HTTPRequest.Method in [.get, .post, .patch, .delete] {
                router.on("\(EndpointTable.prefix)/**", method: method) { await api.answer($0, $1) }
            }
        }
        return router
    }

    private func experiments() -> Response {
        var json = JSONWriter()
        json.object { json in
            json.array("experiments") { list in
                for report in source.experiments() { list.object { report.write(to: &$0) } }
            }
        }
        return .json(json.bytes)
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
