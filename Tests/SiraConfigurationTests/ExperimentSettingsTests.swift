import SiraExperiments
import Testing

@testable import SiraConfiguration

@Suite struct ExperimentSettingsTests {
    private func spec(_ name: String) throws -> ExperimentSpec {
        try #require(try RouteSettingsTests.full().experimentSpecs.first { $0.name == name })
    }

    @Test func `a split has the weights of its arms`() throws {
        let arms = [ExperimentSpec.Arm(model: "m"), ExperimentSpec.Arm(model: "n", weight: 3)]
        #expect(try spec("split-1") == ExperimentSpec(name: "split-1", models: ["outer"], kind: .split, arms: arms))
    }

    @Test func `an arm may be there twice, to see what chance alone does`() throws {
        #expect(try spec("same-twice").arms.map(\.model) == ["m", "m"])
    }

    @Test func `everything that is said of a canary reaches its policy`() throws {
        var policy = CanaryPolicy()
        policy.steps = [0.005, 0.1, 1]
        policy.requestsPerStep = 7
        policy.timePerStep = .zero
        policy.errorRateMargin = 0
        policy.latencyMargin = nil
        policy.costMargin = 1.5
        policy.feedbackMargin = 0.1
        let arms = [ExperimentSpec.Arm(model: "m"), ExperimentSpec.Arm(model: "o")]
        let expected = ExperimentSpec(name: "canary-1", models: ["m", "n"], kind: .canary(policy), arms: arms)
        #expect(try spec("canary-1") == expected)
    }

    @Test func `a canary of which no more is said grows as usual`() throws {
        #expect(try spec("canary-2").kind == .canary(CanaryPolicy()))
    }

    @Test func `a shadow's share is the weight of each arm that gets copies`() throws {
        let shadow = try spec("shadow-1")
        #expect(shadow.kind == .shadow && shadow.arms.map(\.weight) == [1, 0.125, 0.125])
        let whole = try settings("experiments: {e: {models: [m], kind: shadow, arms: [a, b]}}").experimentSpecs
        #expect(whole.first?.arms.map(\.weight) == [1, 1])
    }

    @Test func `experiments are in the order of their names`() throws {
        let names = try RouteSettingsTests.full().experimentSpecs.map(\.name)
        #expect(names == ["canary-1", "canary-2", "same-twice", "shadow-1", "split-1"])
    }
}
