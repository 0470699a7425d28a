import SiraCore
package import SiraJSON

extension ExperimentReport {
    /// Writes it as members of an object, as the API shows it.
    ///
    /// Times are seconds and costs text in dollars; intervals are of 95 % and have the members `estimate`, `lower`, `upper`.
    package func write(to json: inout JSONWriter) {
        json.member("name", spec.name)
        json.member("kind", spec.kind.label)
        json.array("models") { list in
            for model in spec.models { list.element(model) }
        }
        json.member("started_at", startedAt.description)
        json.array("arms") { list in
            for arm in arms { list.object { arm.write(to: &$0) } }
        }
        guard let canary else { return json.null("canary") }
        json.object("canary") { canary.write(to: &$0) }
    }
}

extension ExperimentReport.Arm {
    fileprivate func write(to json: inout JSONWriter) {
        json.member("model", model)
        json.member("share", share)
        json.member("requests", statistics.requests)
        json.member("errors", statistics.errors)
        json.key("error_rate")
        errorRate.write(to: &json)
        for measure in Measure.allCases where measure != .errorRate {
            json.object(measure.mean) { object in
                object.member("count", measure.count(of: statistics))
                object.member("mean", orNull: measure.value(of: statistics).map(measure.shown))
            }
        }
        json.member("total_cost_usd", statistics.totalCost.description)
        json.array("comparisons") { list in
            for comparison in comparisons { list.object { comparison.write(to: &$0) } }
        }
    }
}

extension Comparison {
    fileprivate func write(to json: inout JSONWriter) {
        json.member("measure", measure.rawValue)
        json.member("verdict", verdict.rawValue)
        json.key("difference")
        if let difference { difference.scaled(measure.shown).write(to: &json) } else { json.null() }
        json.key("lift")
        if let lift { lift.write(to: &json) } else { json.null() }
        json.member("sentence", sentence)
    }
}

extension ExperimentReport.CanaryProgress {
    fileprivate func write(to json: inout JSONWriter) {
        switch state {
        case .running(let step):
            json.member("state", "running")
            json.member("step", step)
        case .rolledBack(let reason, let time):
            json.member("state", "rolled_back")
            json.member("reason", reason)
            json.member("at", time.description)
        case .completed(let time):
            json.member("state", "completed")
            json.member("at", time.description)
        }
        json.member("share", share)
        json.member("requests", requests)
        json.member("requests_needed", requestsNeeded)
        json.member("not_before", notBefore.description)
        if let hesitation { json.member("hesitation", hesitation) } else { json.null("hesitation") }
    }
}

extension Interval {
    fileprivate func write(to json: inout JSONWriter) {
        json.object {
            $0.member("estimate", estimate)
            $0.member("lower", lower)
            $0.member("upper", upper)
        }
    }

    fileprivate func scaled(_ scale: (Double) -> Double) -> Interval {
        Interval(estimate: scale(estimate), lower: scale(lower), upper: scale(upper))
    }
}

extension Measure {
    /// The member with its mean.
    fileprivate var mean: StaticString {
        switch self {
        case .errorRate: "error_rate"
        case .timeToFirstToken: "time_to_first_token_s"
        case .duration: "duration_s"
        case .cost: "cost_usd"
        case .feedback: "feedback"
        }
    }

    /// A value of this measure as it is shown: costs in dollars.
    fileprivate func shown(_ value: Double) -> Double { self == .cost ? value * 1e-9 : value }
}
