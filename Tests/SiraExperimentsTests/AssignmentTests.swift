import SiraCore
import SiraTesting
import Testing

@testable import SiraExperiments

@Suite struct AssignmentTests {
    private let units = (0..<20_000).map { "user:\($0)" }

    private func arms(_ weights: Double...) -> [ExperimentSpec.Arm] {
        weights.enumerated().map { ExperimentSpec.Arm(model: "m\($0)", weight: $1) }
    }

    private func counts(_ arms: [ExperimentSpec.Arm]) -> [Int] {
        var counts = arms.map { _ in 0 }
        for unit in units { if let arm = Assignment.arm(of: unit, in: "try", among: arms) { counts[arm] += 1 } }
        return counts
    }

    @Test func `a unit has the same arm in every process and version`() {
        // From a second program, after the definitions; another hash would move every user of every experiment.
        let hashes = ["anna", "bert", "carla"].map { StableHash.hash("try", $0) }
        #expect(hashes == [0x1DE3_135C_CA2D_BE58, 0xEBD2_EF4F_9091_2BC9, 0xF4CC_55FB_C611_5F09])
        #expect(StableHash.hash("ab", "c") != StableHash.hash("a", "bc"))
        #expect(StableHash.place(.max) < 1 && StableHash.place(0) == 0)
    }

    @Test(arguments: [[1.0, 1], [3, 1], [0.5, 0.25, 0.25], [90, 5, 5, 0]])
    func `units are shared out by weight`(weights: [Double]) {
        let counts = counts(weights.enumerated().map { ExperimentSpec.Arm(model: "m\($0)", weight: $1) })
        let sum = weights.reduce(0, +)
        for (count, weight) in zip(counts, weights) {
            // Four standard deviations of 20,000 draws are less than 300.
            #expect(abs(Double(count) - weight / sum * 20_000) < 300)
            if weight == 0 { #expect(count == 0) }
        }
        #expect(counts.reduce(0, +) == 20_000)
    }

    @Test func `when weights change, units move only towards what has grown`() {
        let (before, after) = (arms(1, 1, 1), arms(2, 1, 1))
        var moved = 0
        for unit in units {
            let now = Assignment.arm(of: unit, in: "try", among: after)
            guard now != Assignment.arm(of: unit, in: "try", among: before) else { continue }
            #expect(now == 0)
            moved += 1
        }
        // From a third to a half is a sixth.
        #expect(abs(Double(moved) - 20_000 / 6) < 250)
    }

    @Test func `the order of arms does not matter, and twins are told apart`() {
        let (one, other) = (arms(1, 2, 3), Array(arms(1, 2, 3).reversed()))
        for unit in units.prefix(500) {
            let arm = Assignment.arm(of: unit, in: "try", among: one)
            #expect(arm == Assignment.arm(of: unit, in: "try", among: other).map { 2 - $0 })
        }
        let twins = [ExperimentSpec.Arm(model: "a"), ExperimentSpec.Arm(model: "a")]
        #expect(counts(twins).allSatisfy { $0 > 9_700 })
    }

    @Test func `experiments draw independently of one another`() {
        let both = units.filter {
            Assignment.isWithin(0.5, unit: $0, in: "a") && Assignment.isWithin(0.5, unit: $0, in: "b")
        }
        #expect(abs(both.count - 5_000) < 250)
    }

    @Test func `no weight above 0 is no arm`() {
        #expect(Assignment.arm(of: "u", in: "try", among: []) == nil)
        #expect(Assignment.arm(of: "u", in: "try", among: arms(0, -1, .nan, .infinity)) == nil)
    }

    @Test func `who is in at one share is in at every greater one`() {
        var before = Set<String>()
        for share in [0, 0.01, 0.05, 0.2, 0.5, 1] {
            let now = Set(units.filter { Assignment.isWithin(share, unit: $0, in: "try") })
            #expect(before.isSubset(of: now))
            #expect(abs(Double(now.count) - share * 20_000) < 300)
            before = now
        }
        #expect(before.count == 20_000)
    }

    @Test func `the unit is the user, else the session, else the key, else the request`() {
        let id = RequestID(high: 1, low: 2)
        #expect(AssignmentUnit(user: "u", session: "s", key: "k", request: id).name == "user:u")
        #expect(AssignmentUnit(user: "", session: "s", key: "k", request: id).name == "session:s")
        #expect(AssignmentUnit(user: nil, session: nil, key: "k", request: id).name == "key:k")
        #expect(AssignmentUnit(user: nil, session: "", key: "", request: id).name == id.description)
    }

    @Test func `a shadow's arms get their share of the requests, the first arm none`() {
        let spec = ExperimentSpec(name: "try", models: ["m"], kind: .shadow, arms: arms(1, 0.25, 1, 0))
        var counts = [0, 0, 0, 0]
        for unit in units { for arm in Shadow.copies(of: unit, in: spec) { counts[arm] += 1 } }
        #expect(counts[0] == 0 && counts[2] == 20_000 && counts[3] == 0)
        #expect(abs(counts[1] - 5_000) < 250)
    }
}
