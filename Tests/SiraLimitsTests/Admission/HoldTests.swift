import SiraCore
import SiraLimits
import SiraTenancy
import SiraTesting
import Testing

@Suite struct HoldTests {
    let clock = VirtualClock()
    let board: LimitBoard

    init() {
        board = LimitBoard(clock: clock.gateway)
        _ = board.adopt(
            limits: [
                LimitRule(id: "running", scope: .gateway, measure: .concurrency, amount: 2),
                LimitRule(id: "requests", scope: .gateway, measure: .requests, amount: 10),
                LimitRule(id: "tokens", scope: .gateway, measure: .tokens, amount: 1_000),
                LimitRule(id: "spend", scope: .gateway, measure: .spend, amount: 1_000),
            ],
            budgets: [BudgetRule(id: "money", scope: .gateway, amount: NanoUSD(nanos: 900), period: .total)],
            uptime: clock.uptime,
            now: clock.now
        )
    }

    private var meters: MeterSet { board.meters(for: [.gateway], uptime: clock.uptime, now: clock.now) }

    private func claim(_ tokens: Int64, _ charge: Int64?) -> Result<Hold, LimitRefusal> {
        meters.claim(
            Claim(tokens: tokens, charge: charge.map { NanoUSD(nanos: $0) }),
            uptime: clock.uptime,
            now: clock.now
        )
    }

    private var left: [Int64] {
        let status = meters.status(uptime: clock.uptime)
        let budget = board.budgets(at: clock.now)[0]
        return [
            status.requests?.remaining ?? -1, status.tokens?.remaining ?? -1, budget.settled.nanos,
            budget.reserved.nanos,
        ]
    }

    @Test func `a hold is settled with what was used`() throws {
        let hold = try claim(300, 500).get()
        #expect(left == [9, 700, 0, 500])
        hold.settle(tokens: 250, charge: NanoUSD(nanos: 600))
        #expect(left == [9, 750, 600, 0])
        hold.settle(tokens: 999, charge: NanoUSD(nanos: 999))
        hold.release()
        #expect(left == [9, 750, 600, 0])
        #expect(hold.claim == nil)
    }

    @Test func `what nobody knows stays as it was claimed`() throws {
        try claim(300, 500).get().settle(tokens: nil, charge: nil)
        #expect(left == [9, 700, 500, 0])
    }

    @Test func `a hold that nobody settles gives everything back at its end`() throws {
        var hold: Hold? = try claim(300, 500).get()
        #expect(hold?.claim == Claim(tokens: 300, charge: NanoUSD(nanos: 500)))
        hold = nil
        #expect(left == [10, 1_000, 0, 0])
        // Among it a place among those that run.
        let both = try [claim(1, 1).get(), claim(1, 1).get()]
        #expect(throws: LimitRefusal.self) { try claim(1, 1).get() }
        both[0].release()
        _ = try claim(1, 1).get()
    }

    @Test func `a hold can be raised as a whole or not at all`() throws {
        let hold = try claim(300, 500).get()
        #expect(hold.raise(by: Claim(tokens: 100, charge: NanoUSD(nanos: 300))) == nil)
        #expect(left == [9, 600, 0, 800])
        let refusal = hold.raise(by: Claim(tokens: 100, charge: NanoUSD(nanos: 101)))
        #expect(refusal?.meter.rule == "money")
        #expect(left == [9, 600, 0, 800])
        hold.settle(tokens: 350, charge: NanoUSD(nanos: 700))
        #expect(left == [9, 650, 700, 0])
        #expect(hold.raise(by: Claim(tokens: 1, charge: nil)) == nil)
        #expect(left == [9, 650, 700, 0])
    }

    @Test func `a limit in debt refuses none who asks for nothing of it`() throws {
        let hold = try claim(100, 100).get()
        try claim(100, 100).get().settle(tokens: 2_000, charge: NanoUSD(nanos: 100))
        #expect(hold.raise(by: Claim(tokens: 1, charge: NanoUSD(nanos: 10)))?.meter.rule == "tokens")
        #expect(hold.raise(by: Claim(tokens: 0, charge: NanoUSD(nanos: 10))) == nil)
    }

    @Test func `a hold is renewed bit by bit, and stays one request`() throws {
        let (part, used) = (Claim(tokens: 300, charge: NanoUSD(nanos: 300)), Claim(tokens: 100, charge: .zero))
        let hold = try claim(300, 300).get()
        #expect(hold.renew(part, used: Claim(tokens: 400, charge: NanoUSD(nanos: 350)), next: part) == nil)
        #expect(left == [9, 300, 350, 300])
        // Others find its place taken, and their own alone.
        let other = try claim(0, 0).get()
        #expect(throws: LimitRefusal.self) { try claim(0, 0).get() }
        other.release()
        // What is used counts though nothing more can be taken; the rest is still held.
        #expect(hold.raise(by: Claim(tokens: 0, charge: NanoUSD(nanos: 50))) == nil)
        let next = Claim(tokens: 0, charge: NanoUSD(nanos: 501))
        #expect(hold.renew(part, used: used, next: next)?.meter.rule == "money")
        #expect(left == [9, 500, 350, 50])
        #expect(hold.renew(Claim(tokens: 0, charge: nil), used: used, next: nil) == nil)
        #expect(left == [9, 400, 350, 50])
        hold.settle(tokens: 0, charge: .zero)
        #expect(left == [9, 400, 350, 0])
        #expect(hold.renew(part, used: used, next: nil) == nil)
        #expect(left == [9, 400, 350, 0])
    }

    @Test func `what took nothing before is counted afterwards, as a request of its own or as none`() {
        meters.add(tokens: 100, charge: NanoUSD(nanos: 30))
        #expect(left == [10, 900, 30, 0])
        meters.add(tokens: 100, charge: NanoUSD(nanos: 30), isRequest: true)
        #expect(left == [9, 800, 60, 0])
    }

    @Test func `what refuses takes nothing from any counter`() throws {
        for (tokens, charge, rule) in [(1_001, 1, "tokens"), (1, 950, "money"), (1, 1_001, "spend"), (1, nil, "money")]
        {
            switch claim(Int64(tokens), charge.map(Int64.init)) {
            case .success: Issue.record("\(rule) should have refused")
            case .failure(let refusal): #expect(refusal.meter.rule == rule)
            }
            #expect(left == [10, 1_000, 0, 0])
        }
    }

    @Test func `a hold settled once by many threads is settled once`() async throws {
        let hold = try claim(300, 500).get()
        await withTaskGroup { group in
            for _ in 0..<16 {
                group.addTask { hold.settle(tokens: 100, charge: NanoUSD(nanos: 10)) }
                group.addTask { hold.release() }
            }
        }
        #expect(left == [9, 900, 10, 0] || left == [10, 1_000, 0, 0])
    }
}
