import SiraCore
import SiraJSON
import SiraTesting
import Testing

@testable import SiraExperiments

@Suite struct CanaryTests {
    private static let start = Timestamp(microseconds: 1_763_700_000_000_000)

    private func after(_ seconds: Int64) -> Timestamp { Self.start.advanced(by: .seconds(seconds)) }

    private var policy: CanaryPolicy {
        var policy = CanaryPolicy()
        policy.steps = [0.05, 0.2, 1]
        policy.requestsPerStep = 50
        policy.timePerStep = .seconds(60)
        return policy
    }

    private let good = Sample(isError: false, timeToFirstToken: .milliseconds(200), cost: NanoUSD(nanos: 1_000))
    private let bad = Sample(isError: true)

    private func canary(_ policy: CanaryPolicy? = nil, baseline: Int = 200, errors: Int = 2) -> Canary {
        var canary = Canary(policy ?? self.policy, at: Self.start)
        for number in 0..<baseline {
            canary.record(number < errors ? bad : good, isCanary: false, at: Self.start)
        }
        return canary
    }

    private func reason(_ canary: Canary) -> String? {
        guard case .rolledBack(let reason, _) = canary.state else { return nil }
        return reason
    }

    @Test func `a canary that does well grows step by step and is done after the last`() {
        var canary = canary()
        for (step, share) in [0.05, 0.2, 1].enumerated() {
            #expect(canary.state == .running(step: step) && canary.share == share)
            for _ in 0..<60 { canary.record(good, isCanary: true, at: after(Int64(step) * 60 + 59)) }
            #expect(canary.state == .running(step: step))
            canary.record(good, isCanary: true, at: after(Int64(step + 1) * 60))
        }
        #expect(canary.state == .completed(at: after(180)) && canary.share == 1)
    }

    @Test func `a step needs requests as well as time`() {
        var canary = canary()
        for _ in 0..<49 { canary.record(good, isCanary: true, at: after(1_000)) }
        #expect(canary.state == .running(step: 0))
        canary.record(good, isCanary: true, at: after(1_000))
        #expect(canary.state == .running(step: 1) && canary.stepStartedAt == after(1_000))
    }

    @Test func `ten failures of ten take it back at once, and it stays back`() throws {
        var canary = canary()
        for number in 1...10 {
            #expect(canary.share == 0.05)
            canary.record(bad, isCanary: true, at: after(Int64(number)))
        }
        #expect(canary.share == 0)
        let words = try #require(reason(canary))
        #expect(words.hasPrefix("10 of the canary's 10 requests failed, and 2 of the baseline's 200: "))
        for _ in 0..<500 { canary.record(good, isCanary: true, at: after(5_000)) }
        #expect(canary.state == .rolledBack(reason: words, at: after(10)))
    }

    @Test func `without anything to compare with, only a canary that mostly fails is taken back`() {
        var broken = canary(baseline: 0)
        for _ in 0..<10 { broken.record(bad, isCanary: true, at: after(1)) }
        #expect(reason(broken)?.contains("the baseline had none") == true)
        var shaky = canary(baseline: 0)
        for number in 0..<100 { shaky.record(number % 2 == 0 ? bad : good, isCanary: true, at: after(1)) }
        #expect(shaky.state == .running(step: 0))
    }

    @Test func `errors at the last step are compared with the baseline of the step before`() {
        var canary = canary()
        for step in 1...2 {
            for _ in 0..<200 { canary.record(good, isCanary: false, at: after(Int64(step) * 60)) }
            for _ in 0..<50 { canary.record(good, isCanary: true, at: after(Int64(step) * 60)) }
        }
        #expect(canary.state == .running(step: 2))
        for _ in 0..<10 { canary.record(bad, isCanary: true, at: after(130)) }
        #expect(reason(canary)?.contains("of the baseline's 200") == true)
    }

    /// A difference that the numbers do not prove: no step, and no way back.
    @Test func `a canary that seems worse waits until it is known`() {
        var canary = canary(baseline: 1_000, errors: 10)
        for number in 0..<60 { canary.record(number % 15 == 0 ? bad : good, isCanary: true, at: after(100)) }
        #expect(canary.state == .running(step: 0))
        #expect(canary.hesitation(at: after(100))?.contains("4 of the canary's 60 requests failed") == true)
        #expect(canary.hesitation(at: after(59)) == nil)
        for _ in 0..<600 { canary.record(good, isCanary: true, at: after(101)) }
        #expect(canary.state == .running(step: 1) && canary.hesitation(at: after(101)) == nil)
    }

    @Test(arguments: ["time to the first token", "duration", "cost"])
    func `a canary that is slower or dearer by more than its margin is taken back`(measure: String) {
        func sample(_ factor: Double, _ number: Int) -> Sample {
            let size = factor * Double(100 + number % 21)
            let time = Duration.milliseconds(Int64(size))
            return Sample(
                isError: false,
                timeToFirstToken: measure == "time to the first token" ? time : nil,
                duration: measure == "duration" ? time : nil,
                cost: measure == "cost" ? NanoUSD(nanos: Int64(size)) : nil
            )
        }
        var policy = policy
        policy.costMargin = 0.2
        for (factor, isTakenBack) in [(1.0, false), (1.15, false), (1.4, true)] {
            var canary = Canary(policy, at: Self.start)
            for number in 0..<200 {
                canary.record(sample(1, number), isCanary: false, at: after(1))
                canary.record(sample(factor, number), isCanary: true, at: after(1))
            }
            #expect((reason(canary) != nil) == isTakenBack)
            if isTakenBack { #expect(reason(canary)?.hasPrefix("The canary's mean \(measure) is greater by ") == true) }
        }
        policy.costMargin = nil
        policy.latencyMargin = nil
        var canary = Canary(policy, at: Self.start)
        for number in 0..<200 {
            canary.record(sample(1, number), isCanary: false, at: after(1))
            canary.record(sample(9, number), isCanary: true, at: after(1))
        }
        #expect(canary.state == .running(step: 0))
    }

    @Test func `feedback that is worse takes it back, and a changed mind counts once`() {
        var canary = canary()
        for number in 0..<40 {
            canary.record(feedback: number % 2 == 0 ? 1 : 0.8, replacing: nil, isCanary: false, at: after(1))
            canary.record(feedback: number % 2 == 0 ? 0.4 : 0.6, replacing: nil, isCanary: true, at: after(1))
        }
        #expect(reason(canary)?.contains("mean feedback is lower by 0.4") == true)
        var other = self.canary()
        other.record(feedback: 0, replacing: nil, isCanary: true, at: after(1))
        other.record(feedback: 1, replacing: EarlierScore(0, givenAt: after(1)), isCanary: true, at: after(2))
        #expect(other.canary.feedback.count == 1 && other.canary.feedback.mean == 1)
        // What was said before the step began is not among its scores.
        other.record(feedback: 0.5, replacing: EarlierScore(0, givenAt: after(-1)), isCanary: true, at: after(3))
        #expect(other.canary.feedback.count == 2 && other.canary.feedback.mean == 0.75)
    }

    @Test func `noise hardly ever takes a canary back that is as good as its baseline`() {
        var policy = policy
        policy.requestsPerStep = 1_000_000
        var takenBack = 0
        for seed in 0..<200 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            var canary = Canary(policy, at: Self.start)
            for _ in 0..<600 {
                // One of a hundred fails; times are skewed, as times are.
                let uniform = Double.random(in: 0..<1, using: &random)
                let sample = Sample(
                    isError: Int.random(in: 0..<100, using: &random) == 0,
                    timeToFirstToken: .milliseconds(Int64(100 + 2_000 * uniform * uniform * uniform))
                )
                canary.record(sample, isCanary: Bool.random(using: &random), at: after(1))
            }
            if reason(canary) != nil { takenBack += 1 }
        }
        // Each is looked at hundreds of times, and none may be taken back but by chance.
        #expect(takenBack <= 10, "\(takenBack) of 200")
    }

    @Test func `it survives a restart in every state`() throws {
        var running = canary()
        for _ in 0..<50 { running.record(good, isCanary: true, at: after(60)) }
        #expect(running.state == .running(step: 1))
        var back = running
        for _ in 0..<10 { back.record(bad, isCanary: true, at: after(61)) }
        var done = canary()
        for step in 1...3 { for _ in 0..<50 { done.record(good, isCanary: true, at: after(Int64(step) * 60)) } }
        for canary in [running, back, done] {
            var json = JSONWriter()
            canary.write(to: &json)
            let read = try JSONIndexer().read(json.bytes) { Canary(policy, json: $0) }
            #expect(read == canary)
        }
        #expect(reason(back) != nil && done.state == .completed(at: after(180)))
    }

    @Test(arguments: [
        "{}", "[]", #"{"state":{"name":"running","step":9},"step_started_at_us":1}"#,
        #"{"state":{"name":"rolled_back"},"step_started_at_us":1,"baseline":{},"canary":{},"earlier_baseline":{}}"#,
    ])
    func `what is not a canary is not read as one`(text: String) throws {
        #expect(try JSONIndexer().read(Array(text.utf8)) { Canary(policy, json: $0) } == nil)
    }

    @Test func `a policy without steps gives the canary nothing`() {
        var policy = policy
        policy.steps = []
        var canary = canary(policy)
        #expect(canary.share == 0)
        for _ in 0..<50 { canary.record(good, isCanary: true, at: after(60)) }
        #expect(canary.state == .completed(at: after(60)) && canary.share == 0)
    }
}
