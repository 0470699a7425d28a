import SiraCore
package import SiraJSON

extension Canary {
    /// Reads what ``write(to:)`` wrote under the same policy; nil for anything else.
    package init?(_ policy: CanaryPolicy, json: JSONValue?) {
        guard let json, let state = State(json: json["state"]), let start = json["step_started_at_us"]?.integer,
            let baseline = ArmStatistics(json: json["baseline"]), let canary = ArmStatistics(json: json["canary"]),
            let earlier = ArmStatistics(json: json["earlier_baseline"])
        else { return nil }
        if case .running(let step) = state, step != 0, !policy.steps.indices.contains(step) { return nil }
        self.init(policy, at: Timestamp(microseconds: start))
        self.state = state
        self.baseline = baseline
        self.canary = canary
        earlierBaseline = earlier
    }

    /// Writes all of it but the policy as an object, for being read again.
    package func write(to json: inout JSONWriter) {
        json.object {
            $0.key("state")
            state.write(to: &$0)
            $0.member("step_started_at_us", stepStartedAt.microseconds)
            $0.key("baseline")
            baseline.write(to: &$0)
            $0.key("canary")
            canary.write(to: &$0)
            $0.key("earlier_baseline")
            earlierBaseline.write(to: &$0)
        }
    }
}

extension Canary.State {
    /// Reads what ``write(to:)`` wrote; nil for anything else.
    package init?(json: JSONValue?) {
        guard let json, let name = json["name"]?.string else { return nil }
        let time = json["at_us"]?.integer.map { Timestamp(microseconds: $0) }
        switch name {
        case "running":
            guard let step = json["step"]?.integer, (0..<1_000).contains(step) else { return nil }
            self = .running(step: Int(step))
        case "rolled_back":
            guard let time, let reason = json["reason"]?.string else { return nil }
            self = .rolledBack(reason: reason, at: time)
        case "completed":
            guard let time else { return nil }
            self = .completed(at: time)
        default: return nil
        }
    }

    /// Writes it as an object with its name and what belongs to it.
    package func write(to json: inout JSONWriter) {
        json.object {
            switch self {
            case .running(let step):
                $0.member("name", "running")
                $0.member("step", step)
            case .rolledBack(let reason, let time):
                $0.member("name", "rolled_back")
                $0.member("reason", reason)
                $0.member("at_us", time.microseconds)
            case .completed(let time):
                $0.member("name", "completed")
                $0.member("at_us", time.microseconds)
            }
        }
    }
}
