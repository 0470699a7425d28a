import Logging
import SiraCore
import SiraRouting

extension Pipeline {
    /// Tells the log of a failure of a provider what clients are not told; nothing where there is no more to tell.
    func logDetail(of error: GatewayError, _ request: RequestContext) {
        guard let detail = error.detail else { return }
        context.services.logger.notice(
            "provider failed",
            metadata: [
                "request": "\(request.id)",
                "provider": "\(request.deployment?.access.name ?? "")",
                "code": "\(error.code.rawValue)",
                "detail": "\(detail)",
            ]
        )
    }
}
