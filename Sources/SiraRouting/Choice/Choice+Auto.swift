internal import SiraHealth
internal import SiraCatalog
internal import SiraCore
internal import SiraSignals

extension Choice {
    /// How many deployments are weighed at most.
    ///
    /// They come in the order of their prices, so those that follow would hardly be chosen.
    private static let most = 24

    /// The plan where the client leaves the model to the gateway.
    ///
    /// The content says which tier; of its models that can take the request the cheapest is asked, or the best by the
    /// client's aim. An aim that says how good or which is to be chosen by quality looks at all tiers.
    ///
    /// - Throws: `noCandidate` when nothing in any tier can take the request, or meets the aim.
    mutating func plan(
        among pool: AutoPool,
        aim: Aim?,
        using random: inout some RandomNumberGenerator
    ) throws(GatewayError) -> Plan {
        let facts = try content()
        let requirements = Requirements(facts)
        let strategy = aim?.strategy ?? CheapestOrder()
        var lists: [(tier: Tier?, entries: [AutoPool.Entry])] = [(nil, strategy is QualityOrder ? pool.byQuality : pool.all)]
        if aim?.spansTiers != true {
            let choice = TierChoice(for: facts)
            note {
                $0.tier = choice.tier.rawValue
                $0.tierReasons = choice.reasons
            }
            lists = pool.entries(of: choice.tier).map { ($0.tier, $0.entries) }
        }
        let circumstances = try circumstances(for: strategy, nil)
        var lastResort: [Entrant] = []
        for (place, list) in lists.enumerated() {
            let found = search(list.entries, requirements, strategy)
            lastResort += found.unusable
            guard !found.usable.isEmpty else { continue }
            if place > 0, let tier = list.tier {
                note { $0.tierReasons.append("nothing in it fits, so \(tier.rawValue)") }
            }
            return finish(found.usable + found.unusable, strategy, circumstances, using: &random)
        }
        guard !lastResort.isEmpty else { throw refusal() }
        return finish(Array(lastResort.prefix(Self.most)), strategy, circumstances, using: &random)
    }

    private mutating func finish(
        _ entrants: [Entrant],
        _ strategy: any Strategy,
        _ circumstances: Circumstances,
        using random: inout some RandomNumberGenerator
    ) -> Plan {
        let dearest = entrants.compactMap { one in one.contender.cost.map { (one.contender.id, $0) } }.max { $0.1 < $1.1 }
        let baseline = dearest.map { Baseline(.dearest, id: $0.0, cost: $0.1) }
        return plan(entrants, by: strategy, circumstances, baseline: baseline, using: &random)
    }

    /// The first entries that fit.
    private mutating func search(
        _ entries: [AutoPool.Entry],
        _ requirements: Requirements,
        _ strategy: any Strategy
    ) -> (usable: [Entrant], unusable: [Entrant]) {
        var (usable, unusable): ([Entrant], [Entrant]) = ([], [])
        for entry in entries where usable.count < Self.most {
            let deployment = entry.candidate.deployment
            if let cause = refusal(of: deployment) ?? requirements.refusal(of: deployment.model) {
                note(deployment, cause)
                continue
            }
            let member = Route.Member(candidate: entry.candidate, weight: 1, target: 0)
            for entrant in meeting(weigh([member], for: strategy)) {
                if entrant.contender.availability.isAvailable {
                    usable.append(entrant)
                } else if unusable.count < Self.most {
                    unusable.append(entrant)
                }
            }
        }
        return (usable, unusable)
    }

    /// Notes a rejection, of which there may be thousands.
    private mutating func note(_ deployment: Deployment, _ cause: RejectionCause) {
        if rejections.count < DecisionDetails.most {
            reject(deployment, cause)
        } else {
            note { $0.omittedRejections += 1 }
        }
    }
}
