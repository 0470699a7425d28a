import SiraCore
import SiraJSON
import Testing

@testable import SiraExperiments

@Suite struct ExperimentBoardTests {
    private let now = Timestamp(microseconds: 1_763_700_000_000_000)
    private let split = ExperimentSpec(
        name: "split",
        models: ["klug", "auto"],
        kind: .split,
        arms: [.init(model: "a/one", weight: 1), .init(model: "b/two", weight: 3)]
    )
    private let canary = ExperimentSpec(
        name: "canary",
        models: ["neu", "auto"],
        kind: .canary(CanaryPolicy()),
        arms: [.init(model: "old"), .init(model: "new")]
    )
    private let shadow = ExperimentSpec(
        name: "shadow",
        models: ["still"],
        kind: .shadow,
        arms: [.init(model: "main"), .init(model: "copy", weight: 1), .init(model: "rare", weight: 0)]
    )

    private func board(saved: [String: [UInt8]] = [:]) -> ExperimentBoard {
        let board = ExperimentBoard(saved: saved)
        board.adopt([split, canary, shadow], at: now)
        return board
    }

    private func unit(_ number: Int) -> AssignmentUnit {
        AssignmentUnit(user: "\(number)", session: nil, key: nil, request: RequestID(high: 0, low: UInt64(number)))
    }

    @Test func `a request goes to an arm of the first experiment about its model, or to none`() throws {
        let board = board()
        #expect(board.assign(model: "other", unit: unit(1)) == nil)
        #expect(ExperimentBoard().assign(model: "klug", unit: unit(1)) == nil)
        let assigned = try (0..<400).map { try #require(board.assign(model: "auto", unit: unit($0))) }
        #expect(assigned.allSatisfy { $0.experiment == "split" && $0.shadows.isEmpty })
        #expect(assigned.allSatisfy { $0.model == ["a/one", "b/two"][$0.arm] })
        #expect((60...140).contains(assigned.count { $0.arm == 0 }))
        #expect(board.assign(model: "klug", unit: unit(7)) == assigned[7])
    }

    @Test func `a shadow answers from its first arm and copies to the others`() throws {
        let assigned = try #require(board().assign(model: "still", unit: unit(1)))
        #expect(assigned.arm == 0 && assigned.model == "main")
        #expect(assigned.shadows == [ShadowCopy(arm: 1, model: "copy")])
    }

    @Test func `a canary that fails gets no more requests`() {
        let board = board()
        let units = (0..<2_000).map(unit)
        let before = units.filter { board.assign(model: "neu", unit: $0)?.arm == 1 }
        #expect((5...45).contains(before.count))
        for _ in 0..<100 { board.record(Sample(isError: false), experiment: "canary", arm: 0, at: now) }
        for _ in 0..<10 { board.record(Sample(isError: true), experiment: "canary", arm: 1, at: now) }
        #expect(units.allSatisfy { board.assign(model: "neu", unit: $0)?.model == "old" })
        guard case .rolledBack = board.report(at: now)[1].canary?.state else {
            Issue.record("it is not taken back")
            return
        }
    }

    @Test func `results survive a reload of the same experiment, and not one of another`() {
        let board = board()
        board.record(Sample(isError: false), experiment: "split", arm: 1, at: now)
        board.record(Sample(isError: false), experiment: "shadow", arm: 0, at: now)
        var changed = shadow
        changed.arms[1].weight = 0.5
        board.adopt([changed, split], at: now)
        let report = board.report(at: now)
        #expect(report.map(\.spec.name) == ["shadow", "split"])
        #expect(report.map { $0.arms.map(\.statistics.requests) } == [[0, 0, 0], [0, 1]])
        board.adopt([], at: now)
        #expect(board.report(at: now).isEmpty && board.assign(model: "klug", unit: unit(1)) == nil)
    }

    @Test func `results survive a restart of the same experiment, and not one of another`() throws {
        let first = board()
        let sample = Sample(
            isError: false,
            timeToFirstToken: .milliseconds(123),
            duration: .seconds(3),
            cost: NanoUSD(nanos: 1_234_567_891)
        )
        first.record(sample, experiment: "split", arm: 0, at: now)
        first.record(Sample(isError: true), experiment: "canary", arm: 1, at: now)
        first.record(feedback: 0.75, experiment: "split", arm: 1, at: now)
        let saved = Dictionary(uniqueKeysWithValues: first.unsaved().map { ($0.name, $0.json) })
        let later = now.advanced(by: .seconds(60))
        let second = ExperimentBoard(saved: saved)
        var changed = shadow
        changed.models = ["anders"]
        second.adopt([split, canary, changed], at: later)
        let (before, after) = (first.report(at: later), second.report(at: later))
        #expect(before[0] == after[0] && before[1] == after[1])
        #expect(after[0].arms[0].statistics.totalCost == NanoUSD(nanos: 1_234_567_891))
        #expect(after[2].startedAt == later)
        for garbage in ["", "{", "[]", #"{"spec":1}"#] {
            let third = ExperimentBoard(saved: ["split": Array(garbage.utf8)])
            third.adopt([split], at: later)
            #expect(third.report(at: later)[0].startedAt == later)
        }
    }

    @Test func `only what has changed is to be kept`() {
        let board = board()
        let all = board.unsaved()
        #expect(Set(all.map(\.name)) == ["split", "canary", "shadow"])
        board.record(Sample(isError: false), experiment: "split", arm: 0, at: now)
        board.markSaved(all)
        #expect(board.unsaved().map(\.name) == ["split"])
        board.markSaved(board.unsaved())
        #expect(board.unsaved().isEmpty)
    }

    @Test func `what is not there is passed over`() {
        let board = board()
        for (name, arm) in [("none", 0), ("split", 2), ("split", -1)] {
            board.record(Sample(isError: true), experiment: name, arm: arm, at: now)
            board.record(feedback: 1, experiment: name, arm: arm, at: now)
        }
        #expect(board.report(at: now).flatMap(\.arms).allSatisfy { $0.statistics == ArmStatistics() })
        #expect(board.arm(of: "b/two", in: "split") == 1 && board.arm(of: "b/two", in: "canary") == nil)
    }

    @Test func `the report says in words which arm is better`() throws {
        let board = board()
        for number in 0..<200 {
            for (arm, factor) in [(0, 1.0), (1, 0.88)] {
                let cost = NanoUSD(nanos: Int64(factor * Double(1_000_000 + number % 7 * 10_000)))
                board.record(Sample(isError: false, cost: cost), experiment: "split", arm: arm, at: now)
            }
        }
        let comparisons = board.report(at: now)[0].arms[1].comparisons
        let cost = try #require(comparisons.first { $0.measure == .cost })
        #expect(cost.verdict == .better)
        #expect(cost.sentence == "b/two is better than a/one by 12 % (11.7 to 12.3) in cost.", "\(cost.sentence)")
        #expect(comparisons.first { $0.measure == .errorRate }?.verdict == .open)
        let wait = try #require(comparisons.first { $0.measure == .timeToFirstToken })
        #expect(wait.verdict == .tooFew && wait.sentence.hasPrefix("Not enough requests yet"))
        #expect(board.report(at: now)[0].arms.map(\.share) == [0.25, 0.75])
    }

    @Test func `the report is JSON`() throws {
        let board = board()
        for number in 0..<40 {
            for arm in 0...1 {
                let sample = Sample(isError: number < arm * 20, duration: .seconds(1 + number % 3))
                board.record(sample, experiment: "split", arm: arm, at: now)
            }
        }
        var json = JSONWriter()
        json.array { list in
            for report in board.report(at: now) { list.object { report.write(to: &$0) } }
        }
        try JSONIndexer().read(json.bytes) { root in
            let reports = Array(root.elements)
            #expect(reports.map { $0["kind"]?.string } == ["split", "canary", "shadow"])
            let arm = try #require(reports[0]["arms"]?.elements.dropFirst().first { _ in true })
            #expect(arm["requests"]?.integer == 40 && arm["errors"]?.integer == 20)
            #expect(arm["duration_s"]?["mean"]?.double != nil && arm["cost_usd"]?["mean"]?.isNull == true)
            let first = try #require(
                arm["comparisons"]?.elements.first { $0["measure"]?.isString("error_rate") == true }
            )
            #expect(first["verdict"]?.string == "worse")
            #expect(first["difference"]?["lower"]?.double.map { $0 > 0.3 } == true)
            #expect(first["sentence"]?.string?.contains("by 50 percentage points") == true)
            #expect(reports[1]["canary"]?["state"]?.string == "running")
            #expect(reports[0]["canary"]?.isNull == true)
        }
    }

    @Test(arguments: [
        (0.0, "0"), (12, "12"), (12.34, "12.3"), (0.01234, "0.0123"), (1_234.5, "1235"), (-0.5, "-0.5"),
        (1e300, "1e+300"), (-1e300, "-1e+300"), (.infinity, "very much"), (99.46, "99.5"), (1e-12, "0"),
    ])
    func `numbers in sentences have three digits`(number: Double, text: String) {
        #expect(Decimals.text(number) == text)
    }
}
