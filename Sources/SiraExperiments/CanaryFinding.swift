/// That a canary is worse than its baseline by more than its margin, by one measure.
struct CanaryFinding: Hashable, Sendable {
    /// Whether chance can be left out as a reason.
    let isCertain: Bool
    let sentence: String

    /// With fewer requests of the canary nothing is said of errors.
    static let leastForErrors = 10
    /// With fewer of either the means of times and costs say nothing.
    static let leastForMeans = 30

    /// All margins that are exceeded, as it seems or for certain.
    static func all(
        of canary: ArmStatistics,
        against baseline: ArmStatistics,
        _ policy: CanaryPolicy
    ) -> [CanaryFinding] {
        // Who streams nothing has no time to a first token, and waits for the end of the answer.
        let isStreamed =
            min(canary.timeToFirstToken.count, baseline.timeToFirstToken.count) >= leastForMeans
            || min(canary.duration.count, baseline.duration.count) < leastForMeans
        let wait = isStreamed ? Measure.timeToFirstToken : .duration
        let findings = [
            errors(of: canary, against: baseline, margin: policy.errorRateMargin),
            policy.latencyMargin.flatMap { means(wait, of: canary, against: baseline, relativeMargin: $0) },
            policy.costMargin.flatMap { means(.cost, of: canary, against: baseline, relativeMargin: $0) },
            policy.feedbackMargin.flatMap { feedback(of: canary, against: baseline, margin: $0) },
        ]
        return findings.compactMap(\.self)
    }

    private static func errors(
        of canary: ArmStatistics,
        against baseline: ArmStatistics,
        margin: Double
    )
        -> CanaryFinding?
    {
        guard canary.requests >= leastForErrors else { return nil }
        let own = "\(canary.errors) of the canary's \(canary.requests) requests failed"
        guard baseline.requests > 0 else {
            // Nobody knows how many would have failed otherwise; but not most of them.
            let share = ShareInterval.wilson(canary.errors, of: canary.requests, .ninetyNine)
            guard share.estimate > 0.5 else { return nil }
            return CanaryFinding(
                isCertain: share.lower > 0.5,
                sentence: "\(own), and the baseline had none to compare with."
            )
        }
        let difference = ShareInterval.difference(
            (baseline.errors, baseline.requests),
            (canary.errors, canary.requests),
            .ninetyNine
        )
        guard difference.estimate > margin else { return nil }
        return CanaryFinding(
            isCertain: difference.lower > margin,
            sentence: """
                \(own), and \(baseline.errors) of the baseline's \(baseline.requests): a difference of at least \
                \(points(difference.lower)) percentage points (99 % confidence), where \(points(margin)) are allowed.
                """
        )
    }

    private static func means(
        _ measure: Measure,
        of canary: ArmStatistics,
        against baseline: ArmStatistics,
        relativeMargin: Double
    ) -> CanaryFinding? {
        guard min(measure.count(of: canary), measure.count(of: baseline)) >= leastForMeans,
            let mine = measure.moments(of: canary), let theirs = measure.moments(of: baseline),
            let lift = MeanInterval.lift(theirs, mine, .ninetyNine), lift.estimate > relativeMargin
        else { return nil }
        return CanaryFinding(
            isCertain: lift.lower > relativeMargin,
            sentence: """
                The canary's mean \(measure.words) is greater by \(points(lift.estimate)) %, at least \
                \(points(lift.lower)) % (99 % confidence), where \(points(relativeMargin)) % are allowed.
                """
        )
    }

    private static func feedback(
        of canary: ArmStatistics,
        against baseline: ArmStatistics,
        margin: Double
    )
        -> CanaryFinding?
    {
        guard min(canary.feedback.count, baseline.feedback.count) >= leastForMeans,
            let difference = MeanInterval.difference(canary.feedback, baseline.feedback, .ninetyNine),
            difference.estimate > margin
        else { return nil }
        return CanaryFinding(
            isCertain: difference.lower > margin,
            sentence: """
                The canary's mean feedback is lower by \(Decimals.text(difference.estimate)), at least \
                \(Decimals.text(difference.lower)) (99 % confidence), where \(Decimals.text(margin)) is allowed.
                """
        )
    }

    private static func points(_ share: Double) -> String { Decimals.text(share * 100) }
}
