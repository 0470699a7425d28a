internal import SiraCore

extension Choice {
    /// The plan of a plain name with several places behind it, or with an aim.
    ///
    /// In the order of the configuration, unless the client has an aim; those that cannot take the request are left
    /// out, unless that were all of them: the catalogue may be wrong, and the client has named the model.
    ///
    /// - Throws: `noCandidate` when nothing meets the client's aim.
    mutating func plan(
        of candidates: [Candidate],
        aim: Aim?,
        using random: inout some RandomNumberGenerator
    ) throws(GatewayError) -> Plan {
        let members = candidates.map { Route.Member(candidate: $0, weight: 1, target: 0) }
        var left = try suitable(members)
        if left.isEmpty, aim == nil {
            left = members.filter { question.isAllowed?($0.candidate.deployment) ?? true }
        }
        guard !left.isEmpty else { throw refusal() }
        let strategy = aim?.strategy ?? PriorityOrder()
        let circumstances = try circumstances(for: strategy, nil)
        let entrants = meeting(weigh(left, for: strategy))
        guard let first = entrants.first else { throw refusal() }
        let baseline = first.contender.cost.map { Baseline(.first, id: first.contender.id, cost: $0) }
        return plan(entrants, by: strategy, circumstances, baseline: baseline, using: &random)
    }
}
