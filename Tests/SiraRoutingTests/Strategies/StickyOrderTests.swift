import SiraCore
import SiraRouting
import SiraTesting
import Testing

@Suite struct StickyOrderTests {
    private func contenders(_ count: Int, _ change: (Int, inout Contender) -> Void = { _, _ in }) -> [Contender] {
        (0..<count).map { index in
            var one = Contender(id: "a/\(index)")
            change(index, &one)
            return one
        }
    }

    private func first(_ contenders: [Contender], _ affinity: UInt64?, by: StrategySpec.StickyBy = .session) -> String {
        var random = SeededRandom(seed: 1)
        var circumstances = Circumstances()
        circumstances.affinity = affinity
        let order = Ranking.order(contenders, by: StickyOrder(by: by), circumstances, using: &random)
        return contenders[order[0].index].id
    }

    @Test func `a session stays, and only those of the one that is gone move, to all others`() {
        let all = contenders(5)
        let fewer = all.filter { $0.id != "a/2" }
        var moved: [String: Int] = [:]
        for affinity in 0..<2_000 as Range<UInt64> {
            let before = first(all, affinity)
            let after = first(fewer, affinity)
            if before == "a/2" { moved[after, default: 0] += 1 } else { #expect(before == after) }
        }
        #expect(moved.count == 4 && moved.values.allSatisfy { $0 > 50 })
    }

    @Test func `sessions are shared out by weight`() {
        let all = contenders(3) { index, one in one.weight = [1, 1, 2][index] }
        let shares = shares(of: all, by: StickyOrder(by: .session), affinity: true)
        for (share, wanted) in zip(shares, [0.25, 0.25, 0.5]) { #expect(abs(share - wanted) < 0.02) }
    }

    @Test func `without a session weights decide`() {
        let all = contenders(2) { index, one in one.weight = [0, 1][index] }
        #expect(first(all, nil) == "a/1")
    }

    /// Costs with a cache whose reads are a tenth of the price.
    private func cache(_ cold: Int64, first: Int64, warm: Int64) -> CacheForecast {
        CacheForecast(cold: NanoUSD(nanos: cold), first: NanoUSD(nanos: first), warm: NanoUSD(nanos: warm))
    }

    @Test func `a prompt's beginning stays where the cache saves more than another is cheaper`() {
        // Staying costs 1,250 + 3 × 100 for four requests, which the cheapest asks 4 × 500 for.
        let dear = cache(1_000, first: 1_250, warm: 100)
        let all = contenders(3) { index, one in
            one.cost = NanoUSD(nanos: [1_000, 1_000, 500][index])
            one.cache = index < 2 ? dear : nil
        }
        let firsts = Set((1..<50).map { first(all, $0, by: .prefix) })
        #expect(firsts == ["a/0", "a/1"])
        #expect((1..<50).allSatisfy { first(all, $0, by: .prefix) == first(all, $0, by: .prefix) })
    }

    @Test func `where it does not pay the cheapest is asked, of equals the least loaded`() {
        let dear = cache(1_000, first: 1_250, warm: 900)
        let all = contenders(4) { index, one in
            one.cost = NanoUSD(nanos: [1_000, 500, 500, 2_000][index])
            one.load = [0, 9, 3, 0][index]
            one.cache = index == 0 ? dear : nil
        }
        #expect(Set((1..<50).map { first(all, $0, by: .prefix) }) == ["a/2"])
        #expect(first(all, nil, by: .prefix) == "a/2")
    }

    @Test func `where no cached price is known it never stays`() {
        let all = contenders(2) { index, one in one.cost = NanoUSD(nanos: [7, 5][index]) }
        #expect(Set((1..<50).map { first(all, $0, by: .prefix) }) == ["a/1"])
    }
}
