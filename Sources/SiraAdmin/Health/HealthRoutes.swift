import HTTPTypes
import Hummingbird
import NIOCore
import SiraJSON

/// What is answered of the health of deployments.
struct HealthRoutes: Sendable {
    let source: HealthSource

    /// The paths that change something; all others of the admin listener only tell.
    static let changes: Set<String> = ["/api/health/drain", "/api/health/resume"]

    /// The largest body of an order.
    private static let bodyLimit = 16_384

    func overview(_ request: Request) -> Response {
        let all = request.uri.queryParameters["all"].map { $0 != "0" && $0 != "false" } ?? false
        return .json(source.overview().json(all: all))
    }

    func carryOut(_ action: HealthOrder.Action, _ request: Request, _ context: AdminContext) async -> Response {
        guard let body = try? await request.body.collect(upTo: Self.bodyLimit) else {
            return .refusal(.contentTooLarge, "body_too_large", "An order has no more than \(Self.bodyLimit) bytes.")
        }
        do throws(HealthOrderError) {
            let order = try HealthOrder(action, body: Array(body.readableBytesView), author: context.author(request))
            try source.carryOut(order)
            var json = JSONWriter()
            json.object { json in
                json.member("action", action.rawValue)
                switch order.target {
                case .deployment(let id): json.member("deployment", id)
                case .provider(let name): json.member("provider", name)
                }
                json.member("reason", order.reason)
            }
            return .json(json.bytes)
        } catch {
            return .refusal(error.status, error.code, error.message)
        }
    }
}

extension HealthOrderError {
    fileprivate var status: HTTPResponse.Status {
        switch self {
        case .malformed: .badRequest
        case .unknown: .notFound
        case .providerIsDrained, .notApart: .conflict
        }
    }
}
