import HTTPTypes
import Hummingbird
import NIOCore
import SiraCore
import SiraExperiments
import SiraJSON
import SiraTelemetry
import SiraTenancy

/// What is answered on the admin listener.
struct AdminRoutes: Sendable {
    let source: AdminSource
    let access: AdminAccess

    /// Health says no more than yes or no; all else asks for the token, or finds out itself who asks.
    func router() -> Router<AdminContext> {
        let router = Router(context: AdminContext.self)
        let failures = FailedAttempts(clock: source.api?.clock ?? .system)
        let api = source.api.map { AdminAPI(source: $0, access: access, failures: failures) }
        router.add(middleware: AdminGuard(access: access, endpoints: api?.table, hasWebhook: source.stripe != nil))
        router.get("/health/live") { _, _ in Response.json(Array(#"{"status":"live"}"#.utf8)) }
        router.get("/health/ready") { _, _ in await readiness() }

        if let stripe = source.stripe {
            router.post(RouterPath(StripeWebhook.path)) { await stripe.answer($0, $1) }
        }

        let token = TokenGuard(access: access, failures: failures, gatekeeper: api?.gatekeeper)
        router.group().add(middleware: token).get("/metrics") { _, _ in
            Response(MetricsRegistry.contentType, ByteBuffer(string: source.metrics()))
        }
        let guarded = router.group().add(middleware: token.or(Permission(.routing, .read)))
        guarded.get("/api/status") { _, _ in Response.json(await source.status().json()) }
        let health = HealthRoutes(source: source.health)
        guarded.get("/api/health") { request, _ in health.overview(request) }
        guarded.get("/api/experiments") { _, _ in experiments() }
        let changing = router.group().add(middleware: token.or(Permission(.routing, .write)))
            .add(middleware: ChangeGuard())
        changing.post("/api/health/drain") { await health.carryOut(.drain, $0, $1) }
        changing.post("/api/health/resume") { await health.carryOut(.resume, $0, $1) }
        if let api {
            let gate = AdminGate(gatekeeper: api.gatekeeper, access: access)
            for route in source.surfaces.flatMap({ $0.routes(gate) }) {
                router.get(RouterPath(route.path)) { try await route.answer($0, $1) }
            }
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
