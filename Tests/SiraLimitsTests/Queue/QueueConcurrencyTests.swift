import SiraCore
import SiraLimits
import SiraTenancy
import SiraTesting
import Synchronization
import Testing

@Suite struct QueueConcurrencyTests {
    /// Answers to requests of many threads, which end what they got at once.
    private final class Desk: Sendable {
        let clock = VirtualClock()
        let board: LimitBoard
        let queue = AdmissionQueue(capacity: 100)
        let served = Atomic<Int>(0)
        let refused = Atomic<Int>(0)
        let running = Atomic<Int>(0)
        let most = Atomic<Int>(0)

        init() {
            board = LimitBoard(clock: clock.gateway)
            _ = board.adopt(
                limits: [LimitRule(id: "shared", scope: .gateway, measure: .concurrency, amount: 3)],
                budgets: [],
                uptime: clock.uptime,
                now: clock.now
            )
        }

        func serve(_ hold: Hold) async {
            most.max(running.add(1, ordering: .relaxed).newValue, ordering: .relaxed)
            await Task.yield()
            running.subtract(1, ordering: .relaxed)
            served.add(1, ordering: .relaxed)
            hold.settle(tokens: 1, charge: nil)
            queue.poll(at: clock.uptime)
        }

        func ask(_ tenant: String, _ priority: RequestPriority) async {
            let meters = board.meters(for: [.gateway], uptime: clock.uptime, now: clock.now)
            let claim = Claim(tokens: 1, charge: nil)
            var refusal: LimitRefusal?
            if !queue.isContended(meters, priority: priority) {
                switch meters.claim(claim, uptime: clock.uptime, now: clock.now) {
                case .success(let hold): return await serve(hold)
                case .failure(let why): refusal = why
                }
            }
            let result = await withCheckedContinuation { continuation in
                let ticket = QueueTicket(
                    tenant: tenant,
                    priority: priority,
                    deadline: .max,
                    meters: meters,
                    claim: claim,
                    answer: { continuation.resume(returning: $0) }
                )
                if case .failure(let why) = queue.enqueue(ticket, refusal: refusal, at: clock.uptime) {
                    continuation.resume(returning: .failure(why))
                }
            }
            switch result {
            case .success(let hold): await serve(hold)
            case .failure: refused.add(1, ordering: .relaxed)
            }
        }
    }

    @Test func `nobody is forgotten however many ask at once`() async {
        let desk = Desk()
        await withTaskGroup { group in
            for number in 0..<50 {
                group.addTask {
                    for turn in 0..<40 {
                        let priority = RequestPriority.allCases[(number + turn) % 3]
                        await desk.ask("tenant \(number % 7)", priority)
                    }
                }
            }
        }
        // Each continuation resumed, and once: else this would not be reached, or have ended the process.
        #expect(desk.served.load(ordering: .relaxed) + desk.refused.load(ordering: .relaxed) == 2_000)
        #expect(desk.served.load(ordering: .relaxed) == 2_000)
        #expect(desk.most.load(ordering: .relaxed) <= 3)
        #expect(desk.queue.count == 0)
    }
}
