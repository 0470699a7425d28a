import SiraCore
import SiraHealth
import SiraRouting

extension Pipeline {
    /// The plan without deployments that the operator has taken out of use.
    ///
    /// One that is ill is still asked when there is no other; one that is drained never is.
    ///
    /// - Throws: `modelDrained` when nothing is left.
    func withoutDrained(_ plan: Plan) throws(GatewayError) -> Plan {
        guard
            plan.candidates.contains(where: \.isDrained) || plan.fallbacks.general.contains(where: \.isDrained)
                || plan.fallbacks.onContextLength.contains(where: \.isDrained)
                || plan.fallbacks.onContentFilter.contains(where: \.isDrained)
        else { return plan }
        let left = plan.filter { !$0.isDrained }
        guard left.candidates.isEmpty, left.fallbacks.general.isEmpty else { return left }
        let ids = plan.candidates.prefix(3).map(\.deployment.id).joined(separator: ", ")
        throw GatewayError(
            .modelDrained,
            "All that could answer has been taken out of use by the operator (\(ids)).",
            field: "model"
        )
    }
}

extension Candidate {
    fileprivate var isDrained: Bool { deployment.health.isDrained }
}
