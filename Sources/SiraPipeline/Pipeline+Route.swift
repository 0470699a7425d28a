import SiraCore
import SiraRouting
import SiraTelemetry
import SiraWire

extension Pipeline {
    /// Finds the deployments that can answer, best first.
    nonisolated(nonsending) func route(
        _ admission: Admission,
        _ request: RequestContext
    ) async throws(GatewayError) -> Plan {
        let (directory, envelope) = (request.snapshot.directory, admission.envelope)
        let plan =
            switch request.inbound.matter {
            case .call: try directory.plan(for: envelope.model, operation: envelope.operation)
            case .passage(let passage):
                try directory.passage(
                    to: passage.provider,
                    model: String(envelope.model.dropFirst(passage.provider.count + 1))
                )
            case .thing(let thing): try await whereabouts(of: thing, request)
            }
        request.trail.mark(.route, at: context.clock.uptime())
        return plan
    }
}
