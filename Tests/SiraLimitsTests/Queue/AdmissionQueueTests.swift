import SiraCore
import SiraLimits
import SiraTenancy
import SiraTesting
import Synchronization
import Testing

private let oneAtOnce = LimitRule(id: "shared", scope: .gateway, measure: .concurrency, amount: 1)

@Suite struct AdmissionQueueTests {
    private func labels(_ bench: QueueBench) -> [Int] { bench.served.map(\.label) }

    @Test func `one tenant's requests are served as they came`() {
        let bench = QueueBench([oneAtOnce])
        for label in 0..<20 { bench.ask("a", label: label) }
        bench.pass(2_000)
        #expect(labels(bench) == Array(0..<20))
        #expect(bench.queue.count == 0)
        #expect(bench.queue.nextWake == nil)
    }

    @Test func `an interactive request waits for one service at most behind batch`() {
        let bench = QueueBench([oneAtOnce])
        for _ in 0..<50 { bench.ask("a", .batch) }
        var asked: [UInt64] = []
        for label in 1...10 {
            bench.pass(730)
            asked.append(bench.clock.uptime)
            bench.ask("b", .interactive, label: label)
        }
        bench.pass(1_000)
        for served in bench.served where served.priority == .interactive {
            #expect(served.at - asked[served.label - 1] <= 100 * QueueBench.millisecond)
        }
        #expect(bench.servedCount("b") == 10)
    }

    @Test(arguments: [false, true])
    func `who may be let in elsewhere at any time waits, though the time is too short here`(
        mayEndAnyTime: Bool
    ) {
        let bench = QueueBench([oneAtOnce])
        let meters = bench.board.meters(for: [.gateway], uptime: bench.clock.uptime, now: bench.clock.now)
        var refusal = LimitRefusal(
            meter: MeterName(rule: "rate", scope: .gateway),
            reason: .concurrency,
            limit: 1,
            asked: 1,
            recovery: .after(nanoseconds: 600 * QueueBench.millisecond)
        )
        refusal.mayEndAnyTime = mayEndAnyTime
        let told = refusal
        let ticket = QueueTicket(
            tenant: "a",
            weight: 1,
            priority: .interactive,
            deadline: bench.clock.uptime + 400 * QueueBench.millisecond,
            cost: 1,
            meters: meters,
            attempt: { .failure(told) },
            answer: { _ in }
        )
        let result = bench.queue.enqueue(ticket, refusal: refusal, at: bench.clock.uptime)
        #expect(((try? result.get()) != nil) == mayEndAnyTime)
        #expect(bench.queue.count == (mayEndAnyTime ? 1 : 0))
    }

    @Test func `priorities are served in their order`() {
        let bench = QueueBench([oneAtOnce])
        bench.ask("x", label: -1)
        for (label, priority) in [RequestPriority.background, .batch, .interactive, .batch, .background].enumerated() {
            bench.ask("a", priority, label: label)
        }
        bench.pass(1_000)
        #expect(labels(bench) == [-1, 2, 1, 3, 0, 4])
    }

    @Test func `one that waits rises and is not starved`() {
        let bench = QueueBench([oneAtOnce], ageing: .seconds(2))
        bench.ask("x")
        bench.ask("low", .background, label: 7)
        let start = bench.clock.uptime
        for _ in 0..<100 {
            bench.ask("x")
            bench.ask("y")
            bench.pass(100)
        }
        let served = bench.served.first { $0.label == 7 }
        let waited = (served?.at ?? .max) - start
        #expect(waited >= 4_000 * QueueBench.millisecond)
        #expect(waited <= 4_300 * QueueBench.millisecond)
    }

    @Test func `one whose own limit is used up holds up no other tenant`() {
        let bench = QueueBench([
            oneAtOnce,
            LimitRule(id: "own", scope: Scope(.team, "a"), measure: .requests, window: .second, amount: 1, burst: 1),
        ])
        for label in 0..<3 { bench.ask("a", label: label) }
        for label in 10..<15 { bench.ask("b", label: label) }
        bench.pass(600)
        #expect(labels(bench) == [0, 10, 11, 12, 13, 14])
        bench.pass(2_000)
        #expect(labels(bench).suffix(2) == [1, 2])
    }

    @Test func `none overtakes one that waits for the same shared counter`() {
        let bench = QueueBench([
            LimitRule(id: "quota", scope: .gateway, measure: .tokens, window: .second, amount: 100, burst: 100)
        ])
        bench.ask("a", tokens: 100, label: 0)
        bench.ask("b", tokens: 80, label: 1)
        // These would fit long before.
        for label in 2..<6 { bench.ask("c", tokens: 5, label: label) }
        bench.pass(790)
        #expect(labels(bench) == [0])
        bench.pass(10)
        #expect(labels(bench) == [0, 1])
        bench.pass(1_000)
        #expect(labels(bench) == [0, 1, 2, 3, 4, 5])
    }

    @Test func `who waited as long as it may is told so`() {
        let bench = QueueBench([oneAtOnce])
        bench.ask("a", lasts: 5_000)
        bench.ask("b", patience: 300, label: 1)
        bench.ask("b", patience: 9_000, label: 2)
        bench.pass(299)
        #expect(bench.refused.isEmpty)
        bench.pass(1)
        #expect(bench.refused.map(\.label) == [1])
        #expect(bench.refused.first?.refusal.reason == .waitedTooLong)
        #expect(bench.refused.first?.refusal.meter.rule == "shared")
        bench.pass(6_000)
        #expect(labels(bench) == [0, 2])
    }

    @Test func `what cannot fit before the deadline is refused at once`() {
        let bench = QueueBench([LimitRule(id: "r", scope: .gateway, measure: .requests, amount: 1)])
        bench.ask("a", label: 0)
        bench.ask("a", patience: 60_000, label: 1)
        bench.ask("a", patience: 60_001, label: 2)
        #expect(bench.refused.map(\.label) == [1])
        #expect(bench.refused.first?.refusal.reason == .rate(.requests, .minute))
        #expect(bench.queue.nextWake == bench.clock.uptime + 60_000 * QueueBench.millisecond)
        bench.pass(60_000)
        #expect(labels(bench) == [0, 2])
    }

    @Test func `a full queue sends away the newest of the least urgent`() {
        let bench = QueueBench([oneAtOnce], capacity: 3)
        bench.ask("x", label: -1)
        bench.ask("a", .batch, label: 0)
        bench.ask("b", .background, label: 1)
        bench.ask("c", .background, label: 2)
        bench.ask("d", .interactive, label: 3)
        #expect(bench.refused.map(\.label) == [2])
        bench.ask("e", .background, label: 4)
        bench.ask("e", .interactive, label: 5)
        #expect(bench.refused.map(\.label) == [2, 4, 1])
        bench.ask("e", .batch, label: 6)
        #expect(bench.refused.map(\.label) == [2, 4, 1, 6])
        #expect(bench.refused.allSatisfy { $0.refusal.reason == .queueFull })
        #expect(bench.queue.count == 3)
    }

    @Test func `a full queue tells how long its service will take`() {
        let bench = QueueBench([oneAtOnce], capacity: 20)
        for _ in 0..<400 {
            bench.ask("a")
            bench.pass(50)
        }
        let wait = bench.refused.last?.refusal.retryAfter ?? .zero
        #expect(wait >= .milliseconds(1_900) && wait <= .milliseconds(2_400))
    }

    @Test func `one that is cancelled gets no answer and holds up nobody`() throws {
        let bench = QueueBench([
            LimitRule(id: "quota", scope: .gateway, measure: .tokens, window: .second, amount: 100, burst: 100)
        ])
        bench.ask("a", tokens: 90, label: 0)
        let large = try #require(bench.ask("b", tokens: 100, label: 1))
        bench.ask("c", tokens: 10, label: 2)
        #expect(labels(bench) == [0])
        #expect(bench.queue.cancel(large, at: bench.clock.uptime))
        #expect(labels(bench) == [0, 2])
        #expect(!bench.queue.cancel(large, at: bench.clock.uptime))
        bench.pass(5_000)
        #expect(bench.refused.isEmpty)
        #expect(labels(bench) == [0, 2])
    }

    @Test func `everyone can be told how many go before it`() throws {
        let bench = QueueBench([oneAtOnce])
        bench.ask("x")
        let first = try #require(bench.ask("a"))
        let second = try #require(bench.ask("a"))
        let other = try #require(bench.ask("b"))
        let batch = try #require(bench.ask("a", .batch))
        func ahead(_ id: QueueTicket.ID) -> Int? { bench.queue.position(of: id, at: bench.clock.uptime)?.ahead }
        #expect([first, other, second, batch].map(ahead) == [0, 1, 2, 3])
        bench.pass(100)
        #expect([first, other, second, batch].map(ahead) == [nil, 0, 1, 2])
        #expect(bench.queue.position(of: batch, at: bench.clock.uptime)?.wait == .milliseconds(300))
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `everyone gets one answer whatever happens`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let bench = QueueBench(
            [
                LimitRule(id: "shared", scope: .gateway, measure: .concurrency, amount: 3),
                LimitRule(id: "quota", scope: .gateway, measure: .tokens, window: .second, amount: 500, burst: 100),
                LimitRule(id: "own", scope: Scope(.team, "*"), measure: .requests, window: .second, amount: 10),
            ],
            capacity: .random(in: 1...40, using: &random),
            ageing: .milliseconds(200)
        )
        var cancelled: Set<Int> = []
        var ids: [(id: QueueTicket.ID, label: Int)] = []
        for label in 0..<1_000 {
            let id = bench.ask(
                ["a", "b", "c", "d"].randomElement(using: &random) ?? "a",
                weight: .random(in: 1...5, using: &random),
                RequestPriority.allCases.randomElement(using: &random) ?? .batch,
                tokens: .random(in: 1...120, using: &random),
                patience: .random(in: 0...3_000, using: &random),
                lasts: .random(in: 1...80, using: &random),
                label: label
            )
            if let id { ids.append((id, label)) }
            if Int.random(in: 0..<5, using: &random) == 0, let some = ids.randomElement(using: &random),
                bench.queue.cancel(some.id, at: bench.clock.uptime)
            {
                cancelled.insert(some.label)
            }
            bench.pass(.random(in: 0...30, using: &random))
        }
        bench.pass(10_000)
        let answered = bench.served.map(\.label) + bench.refused.map(\.label)
        #expect((answered + cancelled).sorted() == Array(0..<1_000))
        #expect(bench.queue.count == 0)
        #expect(bench.served.count > 120)
    }
}
