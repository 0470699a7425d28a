import Logging
import SiraCore
import SiraLimits
import SiraStorage
import SiraTenancy
import SiraTesting
import Synchronization
import Testing

@testable import SiraApp

@Suite struct TenantKeepingTests {
    private let clock = VirtualClock()
    private let rollups = Rollups()
    private let log = Recorder()

    private func keeping(_ board: LimitBoard, credit: [BudgetRule] = []) -> TenantKeeping {
        TenantKeeping(
            board: board,
            rollups: rollups,
            rulesBeside: { _ in TenantRules(budgets: credit) },
            clock: clock.gateway,
            logger: Logger(label: "test") { _ in RecordingHandler(recorder: log) }
        )
    }

    private func book(_ documents: (ResourceKind, String)...) -> TenantBook {
        let now = clock.now
        return TenantBook(
            documents.map { kind, json in
                ResourceDocument(kind: kind, id: "rule", createdAt: now, updatedAt: now, json: Array(json.utf8))
            },
            at: now
        )
    }

    private func isServed(_ board: LimitBoard, _ scope: Scope, _ nanos: Int64 = 1) -> Bool {
        let meters = board.meters(for: [scope], uptime: clock.uptime, now: clock.now)
        let claim = Claim(tokens: 1, charge: NanoUSD(nanos: nanos))
        guard case .success(let hold) = meters.claim(claim, uptime: clock.uptime, now: clock.now) else { return false }
        hold.release()
        return true
    }

    private static let limit = #"{"scope":"team:a","measure":"concurrency","amount":1}"#
    private static let newer = #"{"scope":"team:a","measure":"concurrency","amount":1,"shape":"round"}"#

    @Test func `a rule that cannot be read any more goes on as it was, and that is told once`() async {
        let board = LimitBoard(clock: clock.gateway)
        let keeping = keeping(board)
        await keeping.adopt(book((.limit, Self.limit)))
        #expect(keeping.memory.problems.isEmpty)
        for _ in 0..<3 { await keeping.adopt(book((.limit, Self.newer))) }
        #expect(board.limits(at: clock.uptime).map(\.quota.limit) == [1])
        #expect(keeping.memory.problems.count == 1)
        #expect(log.lines.withLock { $0 } == ["error: a resource is not used"])
        await keeping.adopt(book((.limit, Self.limit)))
        #expect(keeping.memory.problems.isEmpty)
    }

    @Test(arguments: [ResourceKind.limit, .budget])
    func `a rule that was never read closes its scope and no other`(kind: ResourceKind) async {
        let board = LimitBoard(clock: clock.gateway)
        let keeping = keeping(board)
        await keeping.adopt(book((kind, #"{"scope":"team:a","shape":"round"}"#)))
        #expect(!isServed(board, Scope(.team, "a")) && isServed(board, Scope(.team, "b")))
        #expect(keeping.memory.problems.first?.contains("team:a") ?? false)
        await keeping.adopt(book((kind, #"{"shape":"round"}"#)))
        #expect(isServed(board, Scope(.team, "a")) && keeping.memory.problems.count == 1)
    }

    @Test func `credit of which the books cannot be read is used up until they can`() async {
        let board = LimitBoard(clock: clock.gateway)
        let scope = Scope(.organization, "org")
        let rule = BudgetRule(id: "credit:org", scope: scope, amount: NanoUSD(nanos: 1_000), period: .total)
        var keeping = keeping(board, credit: [rule])
        let (ticks, tick) = AsyncStream.makeStream(of: Void.self)
        let turn = Turn(ticks)
        keeping.sleep = { _ in await turn.next() }
        rollups.fails.store(true, ordering: .relaxed)
        await keeping.adopt(book())
        #expect(!isServed(board, scope))
        rollups.fails.store(false, ordering: .relaxed)
        tick.yield()
        while board.spent(ofBudget: rule.id, at: clock.now)[scope] != .zero { await Task.yield() }
        #expect(isServed(board, scope))
    }

    @Test
    func `what reaches the books after a budget was made is read once it has, and what is settled meanwhile stays`()
        async
    {
        let board = LimitBoard(clock: clock.gateway)
        var keeping = keeping(board)
        let (ticks, tick) = AsyncStream.makeStream(of: Void.self)
        let turn = Turn(ticks)
        keeping.sleep = { _ in await turn.next() }
        let ages = Ages()
        keeping.unbooked = { ages.value.withLock { $0 } }
        rollups.spent.withLock { $0 = 100 }
        let budget = #"{"scope":"gateway","amount":"1","period":"total"}"#
        await keeping.adopt(book((.budget, budget)))
        #expect(board.budgets(at: clock.now).first?.settled == NanoUSD(nanos: 100))
        // The books come to know of 300 more, and 7 are spent meanwhile.
        tick.yield()
        await turn.taken(1)
        while !turn.isWaiting { await Task.yield() }
        let meters = board.meters(for: [.gateway], uptime: clock.uptime, now: clock.now)
        meters.add(tokens: 1, charge: NanoUSD(nanos: 7))
        rollups.spent.withLock { $0 = 400 }
        ages.value.withLock { $0 = nil }
        tick.yield()
        while board.budgets(at: clock.now).first?.settled == NanoUSD(nanos: 107) { await Task.yield() }
        #expect(board.budgets(at: clock.now).first?.settled == NanoUSD(nanos: 407))
    }
}

/// How old what is not in the books is.
private final class Ages: Sendable {
    let value = Mutex<Duration?>(.seconds(1))
}

/// Lets those who sleep go on one at a time.
private final class Turn: Sendable {
    private let ticks: AsyncStream<Void>
    private let waiting = Atomic(false)
    private let count = Atomic(0)

    init(_ ticks: AsyncStream<Void>) { self.ticks = ticks }

    var isWaiting: Bool { waiting.load(ordering: .acquiring) }

    func next() async {
        waiting.store(true, ordering: .releasing)
        for await _ in ticks { break }
        waiting.store(false, ordering: .releasing)
        count.wrappingAdd(1, ordering: .releasing)
    }

    func taken(_ times: Int) async {
        while count.load(ordering: .acquiring) < times { await Task.yield() }
    }
}

/// Books that say what a test wants, or nothing.
private final class Rollups: RollupStore {
    struct Away: Error {}

    let fails = Atomic(false)
    let spent = Mutex<Int64>(0)

    func totals(_ query: RollupQuery) async throws -> [RollupLine] {
        guard !fails.load(ordering: .relaxed) else { throw Away() }
        let nanos = spent.withLock { $0 }
        guard nanos > 0 else { return [] }
        var line = RollupLine(totals: UsageTotals())
        line.start = Timestamp(microseconds: 0)
        line.totals.charge = NanoUSD(nanos: nanos)
        return [line]
    }
}
