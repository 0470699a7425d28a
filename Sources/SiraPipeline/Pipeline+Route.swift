import SiraCore
import SiraRouting
import SiraTelemetry
import SiraWire

extension Pipeline {
    /// Finds the deployments that can answer, best first.
    func route(_ admission: Admission, _ request: RequestContext) throws(GatewayError) -> Plan {
        let plan = try request.snapshot.directory.plan(
            for: admission.envelope.model,
            operation: admission.envelope.operation
        )
        request.trail.mark(.route, at: context.clock.uptime())
        return plan
    }
}
