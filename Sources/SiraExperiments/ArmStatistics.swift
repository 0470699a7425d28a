package import SiraCore
package import SiraJSON

/// What became of one request of an experiment.
package struct Sample: Hashable, Sendable {
    /// Whether it failed by the fault of whoever answered it; mistakes of the client are none.
    package var isError: Bool
    /// How long its client waited for the first token; nil where nothing was streamed, or nothing came.
    package var timeToFirstToken: Duration?
    /// How long it took in all; nil where that says nothing, as of one that the client broke off.
    package var duration: Duration?
    /// What it cost; nil where that is not known.
    package var cost: NanoUSD?

    package init(
        isError: Bool,
        timeToFirstToken: Duration? = nil,
        duration: Duration? = nil,
        cost: NanoUSD? = nil
    ) {
        self.isError = isError
        self.timeToFirstToken = timeToFirstToken
        self.duration = duration
        self.cost = cost
    }
}

/// A score that another stands in place of.
package struct EarlierScore: Hashable, Sendable {
    /// From 0 to 1.
    package var score: Double
    /// When it was given: what began later has not counted it.
    package var givenAt: Timestamp

    package init(_ score: Double, givenAt: Timestamp) {
        self.score = score
        self.givenAt = givenAt
    }

    /// The score, where it was counted by what began at `start`.
    func counted(since start: Timestamp) -> Double? { givenAt >= start ? score : nil }
}

/// The results of one arm.
package struct ArmStatistics: Hashable, Sendable {
    package private(set) var requests = 0
    package private(set) var errors = 0
    /// Seconds until the first token, of requests that were answered.
    package private(set) var timeToFirstToken = Moments()
    /// Seconds until the end of the answer, of requests that were answered.
    package private(set) var duration = Moments()
    /// Nano-dollars for a request, of those whose cost is known.
    package private(set) var cost = Moments()
    /// Scores from 0 to 1.
    package private(set) var feedback = Moments()
    /// What all of them cost, of those whose cost is known, to the last nano-dollar.
    package private(set) var totalCost = NanoUSD.zero

    package init() {}

    /// Counts a request.
    ///
    /// Times of failed requests are left out: one that fails at once is not fast. Their cost counts.
    package mutating func record(_ sample: Sample) {
        guard requests < Moments.countLimit else { return }
        requests += 1
        if sample.isError {
            errors += 1
        } else {
            if let time = sample.timeToFirstToken { timeToFirstToken.add(time.inSeconds) }
            if let time = sample.duration { duration.add(time.inSeconds) }
        }
        guard let nanos = sample.cost else { return }
        cost.add(Double(nanos.nanos))
        totalCost += nanos
    }

    /// Counts a score from 0 to 1, in place of an earlier one of the same request where there was one.
    package mutating func record(feedback score: Double, replacing earlier: Double? = nil) {
        if let earlier { feedback.remove(earlier) }
        feedback.add(score)
    }

    /// Counts what another has counted.
    package mutating func merge(_ other: ArmStatistics) {
        requests += other.requests
        errors += other.errors
        timeToFirstToken.merge(other.timeToFirstToken)
        duration.merge(other.duration)
        cost.merge(other.cost)
        feedback.merge(other.feedback)
        totalCost += other.totalCost
    }
}

extension ArmStatistics {
    /// Reads what ``write(to:)`` wrote; nil for anything else.
    package init?(json: JSONValue?) {
        let counts = 0...Int64(Moments.countLimit)
        guard let json, let requests = json["requests"]?.integer, let errors = json["errors"]?.integer,
            counts.contains(requests), (0...requests).contains(errors),
            let timeToFirstToken = Moments(json: json["time_to_first_token"]),
            let duration = Moments(json: json["duration"]), let cost = Moments(json: json["cost"]),
            let feedback = Moments(json: json["feedback"]), let total = json["total_cost"]?.integer
        else { return nil }
        self.requests = Int(requests)
        self.errors = Int(errors)
        self.timeToFirstToken = timeToFirstToken
        self.duration = duration
        self.cost = cost
        self.feedback = feedback
        totalCost = NanoUSD(nanos: total)
    }

    /// Writes all of it as an object, for being read again.
    package func write(to json: inout JSONWriter) {
        json.object {
            $0.member("requests", requests)
            $0.member("errors", errors)
            $0.key("time_to_first_token")
            timeToFirstToken.write(to: &$0)
            $0.key("duration")
            duration.write(to: &$0)
            $0.key("cost")
            cost.write(to: &$0)
            $0.key("feedback")
            feedback.write(to: &$0)
            $0.member("total_cost", totalCost.nanos)
        }
    }
}

extension Duration {
    /// The duration in seconds.
    var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
