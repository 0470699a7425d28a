import SiraCore
import SiraRouting
import SiraStorage
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
            case .call: try reaching(try directory.plan(for: envelope.model, operation: envelope.operation), request)
            case .passage(let passage):
                try directory.passage(
                    to: passage.provider,
                    model: String(envelope.model.dropFirst(passage.provider.count + 1))
                )
            case .thing(let thing): try await whereabouts(of: thing, request)
            }
        request.wasRouted = true
        request.trail.mark(.route, at: context.clock.uptime())
        return plan
    }

    /// Those of a plan's candidates that have the files that the request names.
    ///
    /// - Throws: `objectNotFound` when none has them all.
    private func reaching(_ plan: Plan, _ request: RequestContext) throws(GatewayError) -> Plan {
        let accesses = Set(request.files.map(\.access))
        guard let file = request.files.first else { return plan }
        let candidates = plan.candidates.filter { accesses == [$0.deployment.access.name] }
        guard !candidates.isEmpty else {
            throw GatewayError(
                .objectNotFound,
                "The file \"\(file.id.prefix(100))\" is at \(file.access), which is not asked for this model or does not "
                    + "have the request's other files. Ask for a model of that provider, or send what the files hold."
            )
        }
        return Plan(candidates: candidates, rejections: plan.rejections)
    }
}
