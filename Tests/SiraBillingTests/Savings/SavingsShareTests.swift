import SiraBilling
import SiraCore
import SiraStorage
import SiraTesting
import Testing

@Suite struct SavingsShareTests {
    private typealias Volume = SavingsShare.Volume

    private func volume(
        _ model: String,
        _ tokens: Int64,
        _ cost: String,
        requests: Int64 = 1,
        known: Bool = true
    ) -> Volume {
        Volume(model: model, requests: requests, tokens: tokens, cost: usd(cost), isComplete: known)
    }

    @Test func `the past's cost at this month's volume, less what it cost, and a fifth of that`() throws {
        let share = try SavingsShare(
            past: [volume("a", 3_000, "30"), volume("b", 100, "1")],
            present: [volume("a", 2_000, "5"), volume("b", 300, "2")]
        )
        #expect(share.lines.map(\.baseline) == [usd("20"), usd("3")])
        #expect(share.lines.map(\.saved) == [usd("15"), usd("1")])
        #expect(share.baseline == usd("23") && share.actual == usd("7") && share.saved == usd("16"))
        #expect(share.fee == usd("3.2"))
    }

    @Test func `losses come off the savings, and in all there is no fee below zero`() throws {
        let past = [volume("a", 10, "10"), volume("b", 10, "10")]
        let mixed = try SavingsShare(past: past, present: [volume("a", 10, "4"), volume("b", 10, "13")])
        #expect(mixed.saved == usd("3") && mixed.lines[1].saved == usd("-3"))
        let lost = try SavingsShare(past: past, present: [volume("a", 10, "40")])
        #expect(lost.saved == .zero && lost.fee == .zero && lost.lines[0].saved == usd("-30"))
    }

    @Test func `models without a past, or with costs unknown, count as costing what they did`() throws {
        let share = try SavingsShare(
            past: [volume("b", 10, "10")],
            present: [volume("a", 10, "4"), volume("b", 10, "1", known: false)]
        )
        #expect(share.lines.allSatisfy { $0.measure == .none && $0.baseline == $0.actual })
        #expect(share.fee == .zero)
    }

    @Test func `without tokens requests are counted, and the two are never mixed`() throws {
        let past = [volume("a", 0, "10", requests: 100), volume("b", 50, "10", requests: 100)]
        let share = try SavingsShare(
            past: past,
            present: [volume("a", 0, "1", requests: 20), volume("b", 0, "1", requests: 20)]
        )
        #expect(share.lines.map(\.measure) == [.requests, .none])
        #expect(share.lines.map(\.baseline) == [usd("2"), usd("1")])
    }

    @Test(arguments: [(0, "0"), (1, "0.001"), (3_333, "3.333"), (10_000, "10")] as [(Int64, String)])
    func `the fee is as it is set`(basisPoints: Int64, fee: String) throws {
        let share = try SavingsShare(
            past: [volume("a", 10, "20")],
            present: [volume("a", 10, "10")],
            basisPoints: basisPoints
        )
        #expect(share.fee == usd(fee))
    }

    @Test func `fees that make no sense and sums that do not fit are refused`() {
        for points in [-1, 10_001] as [Int64] {
            #expect(throws: BillingError.self) { try SavingsShare(past: [], present: [], basisPoints: points) }
        }
        #expect(throws: BillingError.self) {
            try SavingsShare(past: [volume("a", 1, "9000000000")], present: [volume("a", 10, "1")])
        }
    }

    @Test func `roll-ups become volumes by the model that was asked for`() throws {
        func line(_ model: String?, unpriced: Int64 = 0) -> RollupLine {
            var totals = UsageTotals()
            (totals.requests, totals.input, totals.output, totals.charge) = (1, 10, 5, usd("2"))
            totals.unpriced = unpriced
            var line = RollupLine(totals: totals)
            line.requestedModel = model
            return line
        }
        let volumes = try Volume.all(of: [line("b"), line("a", unpriced: 1), line("b"), line(nil), line("")])
        #expect(volumes.map(\.model) == ["a", "b"] && volumes.map(\.isComplete) == [false, true])
        #expect(volumes[1].tokens == 30 && volumes[1].requests == 2 && volumes[1].cost == usd("4"))
    }
}
