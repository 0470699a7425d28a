import SiraCore
import SiraLimits
import SiraTenancy
import SiraTesting
import Testing

@Suite struct LimitBoardTests {
    let clock = VirtualClock()
    let alice = Scope(.user, "alice")
    let bob = Scope(.user, "bob")

    private func board(_ capacity: Int = 100) -> LimitBoard { LimitBoard(clock: clock.gateway, eachCapacity: capacity) }

    private func adopt(_ board: LimitBoard, _ limits: [LimitRule], _ budgets: [BudgetRule] = []) -> [String] {
        board.adopt(limits: limits, budgets: budgets, uptime: clock.uptime, now: clock.now)
    }

    private func take(_ board: LimitBoard, _ scopes: [Scope], charge: Int64 = 0) -> Result<Hold, LimitRefusal> {
        board.meters(for: scopes, uptime: clock.uptime, now: clock.now)
            .claim(Claim(tokens: 1, charge: NanoUSD(nanos: charge)), uptime: clock.uptime, now: clock.now)
    }

    private func spend(_ board: LimitBoard, _ scopes: [Scope], charge: Int64 = 1) -> LimitRefusal? {
        switch take(board, scopes, charge: charge) {
        case .success(let hold):
            hold.settle(tokens: 1, charge: NanoUSD(nanos: charge))
            return nil
        case .failure(let refusal): return refusal
        }
    }

    @Test func `each of a kind is counted by itself`() {
        let board = board()
        _ = adopt(board, [LimitRule(id: "each", scope: Scope(.user, "*"), measure: .requests, amount: 1)])
        #expect(spend(board, [.gateway, alice]) == nil)
        let refusal = spend(board, [.gateway, alice])
        #expect(refusal?.meter == MeterName(rule: "each", scope: alice))
        #expect(spend(board, [.gateway, bob]) == nil)
        #expect(spend(board, [.gateway, Scope(.team, "alice")]) == nil)
    }

    @Test func `a scope named twice counts once`() {
        let board = board()
        _ = adopt(board, [LimitRule(id: "r", scope: alice, measure: .requests, amount: 2)])
        #expect(spend(board, [alice, alice]) == nil)
        #expect(spend(board, [alice, alice]) == nil)
        #expect(spend(board, [alice]) != nil)
    }

    @Test func `rules that stay keep their counters and others begin anew`() {
        let board = board()
        let budget = BudgetRule(id: "b", scope: alice, amount: NanoUSD(nanos: 10), period: .total)
        let limit = LimitRule(id: "r", scope: .gateway, measure: .requests, amount: 2)
        #expect(adopt(board, [limit], [budget]) == ["b"])
        let generation = board.generation
        #expect(spend(board, [.gateway, alice], charge: 8) == nil)
        var more = limit
        more.amount = 3
        #expect(adopt(board, [more], [budget]) == [])
        #expect(board.generation != generation)
        #expect(spend(board, [.gateway, alice], charge: 3)?.meter.rule == "b")
        #expect(spend(board, [.gateway, alice], charge: 2) == nil)
        #expect(spend(board, [.gateway]) == nil)
        #expect(spend(board, [.gateway])?.meter.rule == "r")
        var other = budget
        other.scope = bob
        #expect(adopt(board, [more], [other]) == ["b"])
        #expect(board.budgets(at: clock.now).map(\.settled) == [.zero])
    }

    @Test func `a period of another kind is asked of the books`() {
        let board = board()
        var each = BudgetRule(id: "e", scope: Scope(.user, "*"), amount: NanoUSD(nanos: 10), period: .calendar(.day))
        #expect(adopt(board, [], [each]) == ["e"])
        each.amount = NanoUSD(nanos: 20)
        #expect(adopt(board, [], [each]) == [])
        each.utcOffset = 60
        #expect(adopt(board, [], [each]) == ["e"])
        each.period = .total
        #expect(adopt(board, [], [each]) == ["e"])
        each.utcOffset = 0
        #expect(adopt(board, [], [each]) == [])
    }

    @Test func `open reservations of a rule that changes are settled in it`() throws {
        let board = board()
        var budget = BudgetRule(id: "b", scope: .gateway, amount: NanoUSD(nanos: 10), period: .calendar(.day))
        _ = adopt(board, [], [budget])
        let hold = try take(board, [.gateway], charge: 8).get()
        budget.period = .calendar(.month)
        #expect(adopt(board, [], [budget]) == ["b"])
        #expect(board.budgets(at: clock.now)[0].reserved == NanoUSD(nanos: 8))
        hold.settle(tokens: 1, charge: NanoUSD(nanos: 9))
        #expect(board.budgets(at: clock.now)[0].settled == NanoUSD(nanos: 9))
        #expect(board.budgets(at: clock.now)[0].reserved == .zero)
    }

    @Test func `there is a bound to counters and idle ones are let go`() {
        let board = board(10)
        _ = adopt(board, [LimitRule(id: "each", scope: Scope(.user, "*"), measure: .requests, amount: 60)])
        for name in 0..<10 { #expect(spend(board, [Scope(.user, "\(name)")]) == nil) }
        // All of them still owe a second.
        #expect(spend(board, [alice])?.reason == .crowded)
        clock.advance(by: .seconds(1))
        #expect(spend(board, [alice]) == nil)
        #expect(board.meters.count == 10)
        // The one that was asked for longest ago.
        #expect(!board.meters.map(\.name.scope.name).contains("0"))
    }

    @Test func `spent money and open requests are never let go`() throws {
        let board = board(2)
        let budget = BudgetRule(
            id: "each",
            scope: Scope(.user, "*"),
            amount: NanoUSD(nanos: 5),
            period: .calendar(.day)
        )
        _ = adopt(board, [], [budget])
        #expect(spend(board, [alice], charge: 5) == nil)
        let hold = try take(board, [bob], charge: 5).get()
        let carol = Scope(.user, "carol")
        let set = board.meters(for: [carol], uptime: clock.uptime, now: clock.now)
        #expect(set.isCrowded)
        #expect(spend(board, [carol])?.reason == .crowded)
        #expect(spend(board, [alice])?.reason == .budget(.calendar(.day)))
        hold.release()
        #expect(spend(board, [carol]) != nil)  // its set still knows the counter
        clock.advance(by: .seconds(86_400))
        #expect(spend(board, [carol]) == nil)
    }

    @Test func `counters that somebody holds to are not made twice`() {
        let board = board(1)
        _ = adopt(board, [LimitRule(id: "each", scope: Scope(.user, "*"), measure: .requests, amount: 1)])
        let set = board.meters(for: [alice], uptime: clock.uptime, now: clock.now)
        #expect(spend(board, [bob])?.reason == .crowded)
        #expect(!set.isCrowded)
    }

    @Test func `what the books say reaches the counters of each`() {
        let board = board()
        let budget = BudgetRule(id: "each", scope: Scope(.user, "*"), amount: NanoUSD(nanos: 5), period: .total)
        _ = adopt(board, [], [budget])
        let slices = [SpentSlice(start: clock.now, spent: NanoUSD(nanos: 5))]
        let (uptime, now) = (clock.uptime, clock.now)
        #expect(board.restore(budget: "each", scope: alice, slices, uptime: uptime, now: now))
        #expect(!board.restore(budget: "other", scope: alice, slices, uptime: uptime, now: now))
        #expect(spend(board, [alice]) != nil)
        #expect(spend(board, [bob]) == nil)
    }
}
