internal import SiraCore
package import SiraJSON

extension Decision {
    /// Writes the decision as one object.
    ///
    /// Members that say nothing are left out. Amounts are nano-dollars.
    package func write(to json: inout JSONWriter) {
        json.object { writeMembers(to: &$0) }
    }

    /// Writes the members of the decision's object.
    package func writeMembers(to json: inout JSONWriter) {
        let all = all
        json.member("requested", requested)
        if all.name != requested { json.member("name", all.name) }
        if let objective = all.objective { json.member("objective", objective) }
        if let route = all.route { json.member("route", route) }
        if let rule = all.rule { json.member("rule", rule) }
        if let strategy = all.strategy { json.member("strategy", strategy) }
        if let tier = all.tier { json.member("tier", tier) }
        if !all.tierReasons.isEmpty {
            json.array("tier_reasons") { for reason in all.tierReasons { $0.element(reason) } }
        }
        json.array("candidates") { for candidate in all.candidates { candidate.write(to: &$0) } }
        if all.omitted > 0 { json.member("more_candidates", all.omitted) }
        if !all.rejected.isEmpty {
            json.array("rejected") { for rejection in all.rejected { rejection.write(to: &$0) } }
        }
        if all.omittedRejections > 0 { json.member("more_rejected", all.omittedRejections) }
        if let baseline = all.baseline {
            json.object("baseline") {
                $0.member("of", baseline.kind.rawValue)
                $0.member("id", baseline.id)
                $0.member("nano_usd", baseline.cost.nanos)
            }
        }
        if let arm = all.arm { json.member("experiment", arm) }
        if all.isDegraded { json.member("degraded", true) }
    }
}

extension Considered {
    fileprivate func write(to json: inout JSONWriter) {
        json.object {
            $0.member("id", id)
            $0.member("rank", rank)
            if score.isFinite { $0.member("score", score) }
            $0.member("why", why.words)
            if let cost { $0.member("nano_usd", cost.nanos) }
            if state != "available" { $0.member("state", state) }
        }
    }
}

extension Rejection {
    fileprivate func write(to json: inout JSONWriter) {
        json.object {
            $0.member("id", target)
            $0.member("filter", cause.filter)
            $0.member("reason", reason)
        }
    }
}
