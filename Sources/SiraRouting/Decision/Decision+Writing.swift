internal import SiraCore
package import SiraJSON

extension Decision {
    /// Writes the decision as one object.
    ///
    /// Members that say nothing are left out. Amounts are nano-dollars.
    package func write(to json: inout JSONWriter) {
        let all = all
        json.object {
            $0.member("requested", requested)
            if all.name != requested { $0.member("name", all.name) }
            if let objective = all.objective { $0.member("objective", objective) }
            if let route = all.route { $0.member("route", route) }
            if let rule = all.rule { $0.member("rule", rule) }
            if let strategy = all.strategy { $0.member("strategy", strategy) }
            if let tier = all.tier { $0.member("tier", tier) }
            if !all.tierReasons.isEmpty {
                $0.array("tier_reasons") { for reason in all.tierReasons { $0.element(reason) } }
            }
            $0.array("candidates") { for candidate in all.candidates { candidate.write(to: &$0) } }
            if all.omitted > 0 { $0.member("more_candidates", all.omitted) }
            if !all.rejected.isEmpty {
                $0.array("rejected") { for rejection in all.rejected { rejection.write(to: &$0) } }
            }
            if all.omittedRejections > 0 { $0.member("more_rejected", all.omittedRejections) }
            if let baseline = all.baseline {
                $0.object("baseline") {
                    $0.member("of", baseline.kind.rawValue)
                    $0.member("id", baseline.id)
                    $0.member("nano_usd", baseline.cost.nanos)
                }
            }
            if let arm = all.arm { $0.member("experiment", arm) }
            if all.isDegraded { $0.member("degraded", true) }
        }
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
