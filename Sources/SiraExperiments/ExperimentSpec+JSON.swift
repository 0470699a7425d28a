package import SiraJSON

extension ExperimentSpec {
    /// All of it as JSON, the same for equal ones.
    package var json: RawJSON {
        var json = JSONWriter(capacity: 512)
        json.object { write(to: &$0) }
        return RawJSON(bytes: json.bytes)
    }

    /// Writes all of it as members of an object.
    package func write(to json: inout JSONWriter) {
        json.member("name", name)
        json.array("models") { list in
            for model in models { list.element(model) }
        }
        json.member("kind", kind.label)
        json.array("arms") { list in
            for arm in arms {
                list.object {
                    $0.member("model", arm.model)
                    $0.member("weight", arm.weight)
                }
            }
        }
        guard case .canary(let policy) = kind else { return }
        json.object("policy") { policy.write(to: &$0) }
    }
}

extension ExperimentSpec.Kind {
    /// One word, as in the configuration.
    package var label: String {
        switch self {
        case .split: "split"
        case .canary: "canary"
        case .shadow: "shadow"
        }
    }
}

extension CanaryPolicy {
    fileprivate func write(to json: inout JSONWriter) {
        json.array("steps") { list in
            for step in steps { list.element(step) }
        }
        json.member("requests_per_step", requestsPerStep)
        json.member("seconds_per_step", timePerStep.inSeconds)
        json.member("error_rate_margin", errorRateMargin)
        json.member("latency_margin", orNull: latencyMargin)
        json.member("cost_margin", orNull: costMargin)
        json.member("feedback_margin", orNull: feedbackMargin)
    }
}

extension JSONWriter {
    /// A member that is null when there is no number.
    mutating func member(_ key: StaticString, orNull value: Double?) {
        if let value { member(key, value) } else { null(key) }
    }
}
