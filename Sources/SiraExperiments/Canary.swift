package import SiraCore

/// How far a canary has come: a machine without a clock, which is told of each request and when it was.
///
/// Each step compares its own requests only, so that what went well at one step cannot hide what goes wrong at the next.
/// Noise does not take a canary back: that takes a difference whose 99 % interval lies beyond the margin. Nor does it
/// wait for many requests where few say enough: ten failures of ten are enough.
package struct Canary: Hashable, Sendable {
    /// Where it stands.
    package enum State: Hashable, Sendable {
        /// Its share is that of the step, counted from 0.
        case running(step: Int)
        /// Its share is 0, for the reason that is told in words.
        case rolledBack(reason: String, at: Timestamp)
        /// It has passed every step; its share remains that of the last.
        case completed(at: Timestamp)
    }

    package let policy: CanaryPolicy
    package internal(set) var state = State.running(step: 0)
    /// When the step began.
    package internal(set) var stepStartedAt: Timestamp
    /// Results of this step.
    package internal(set) var baseline = ArmStatistics()
    package internal(set) var canary = ArmStatistics()
    /// The baseline's results of the step before, which stand in where the canary gets nearly everything.
    var earlierBaseline = ArmStatistics()

    /// Begins with the first step.
    package init(_ policy: CanaryPolicy, at now: Timestamp) {
        self.policy = policy
        stepStartedAt = now
    }

    /// The share of requests that the canary gets, 0 to 1.
    package var share: Double {
        switch state {
        case .running(let step): policy.steps.indices.contains(step) ? policy.steps[step] : 0
        case .rolledBack: 0
        case .completed: policy.steps.last ?? 0
        }
    }

    /// Counts a request, and goes a step on or back where that is due.
    package mutating func record(_ sample: Sample, isCanary: Bool, at now: Timestamp) {
        guard case .running = state else { return }
        guard isCanary else { return baseline.record(sample) }
        canary.record(sample)
        // Each look costs some microseconds; what many requests say, one more does not change.
        guard sample.isError || canary.requests < 100 || canary.requests.isMultiple(of: 10) else { return }
        advance(at: now)
    }

    /// Counts a score from 0 to 1, in place of an earlier one of the same request where there was one.
    package mutating func record(
        feedback score: Double,
        replacing earlier: EarlierScore?,
        isCanary: Bool,
        at now: Timestamp
    ) {
        guard case .running = state else { return }
        let earlier = earlier?.counted(since: stepStartedAt)
        guard isCanary else { return baseline.record(feedback: score, replacing: earlier) }
        canary.record(feedback: score, replacing: earlier)
        advance(at: now)
    }

    /// Goes a step on or back where that is due at `now`.
    package mutating func advance(at now: Timestamp) {
        guard case .running(let step) = state else { return }
        let findings = CanaryFinding.all(of: canary, against: comparable, policy)
        if let finding = findings.first(where: \.isCertain) {
            state = .rolledBack(reason: finding.sentence, at: now)
            return
        }
        guard findings.isEmpty, canary.requests >= policy.requestsPerStep,
            stepStartedAt.advanced(by: policy.timePerStep) <= now
        else { return }
        guard step + 1 < policy.steps.count else {
            state = .completed(at: now)
            return
        }
        state = .running(step: step + 1)
        stepStartedAt = now
        earlierBaseline = comparable
        (baseline, canary) = (ArmStatistics(), ArmStatistics())
    }

    /// Why it does not go on though it has had requests and time enough; nil where it does, or has not.
    package func hesitation(at now: Timestamp) -> String? {
        guard case .running = state, canary.requests >= policy.requestsPerStep,
            stepStartedAt.advanced(by: policy.timePerStep) <= now
        else { return nil }
        return CanaryFinding.all(of: canary, against: comparable, policy).first?.sentence
    }

    /// What the canary is compared with: the step's own baseline, and that of the step before while there is little.
    private var comparable: ArmStatistics {
        guard baseline.requests < CanaryFinding.leastForMeans else { return baseline }
        var sum = baseline
        sum.merge(earlierBaseline)
        return sum
    }
}
