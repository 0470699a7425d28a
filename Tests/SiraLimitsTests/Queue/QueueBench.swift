import SiraCore
import SiraLimits
import SiraTenancy
import SiraTesting
import Synchronization

/// A gateway with a queue in virtual time: what is served takes a while, and then the next are.
final class QueueBench: Sendable {
    struct Served: Sendable {
        let tenant: String
        let priority: RequestPriority
        let at: UInt64
        let label: Int
    }

    private struct State: Sendable {
        var running: [(endsAt: UInt64, hold: Hold)] = []
        var served: [Served] = []
        var refused: [(label: Int, refusal: LimitRefusal)] = []
    }

    let clock = VirtualClock()
    let board: LimitBoard
    let queue: AdmissionQueue
    private let state = Mutex(State())
    static let millisecond: UInt64 = 1_000_000

    init(_ limits: [LimitRule], capacity: Int = 1_000, ageing: Duration = .seconds(30)) {
        board = LimitBoard(clock: clock.gateway)
        queue = AdmissionQueue(capacity: capacity, ageing: ageing)
        _ = board.adopt(limits: limits, budgets: [], uptime: clock.uptime, now: clock.now)
    }

    var served: [Served] { state.withLock { $0.served } }
    var refused: [(label: Int, refusal: LimitRefusal)] { state.withLock { $0.refused } }

    /// Asks for service, as the pipeline does.
    @discardableResult
    func ask(
        _ tenant: String,
        weight: UInt32 = 1,
        _ priority: RequestPriority = .interactive,
        tokens: Int64 = 1,
        patience: UInt64 = 1_000_000,
        lasts: UInt64 = 100,
        label: Int = 0
    ) -> QueueTicket.ID? {
        let now = clock.uptime
        let meters = board.meters(for: [.gateway, Scope(.team, tenant)], uptime: now, now: clock.now)
        let claim = Claim(tokens: tokens, charge: nil)
        let answer: @Sendable (Result<Hold, LimitRefusal>) -> Void = { result in
            let at = self.clock.uptime
            self.state.withLock { state in
                switch result {
                case .success(let hold):
                    state.served.append(Served(tenant: tenant, priority: priority, at: at, label: label))
                    state.running.append((at + lasts * Self.millisecond, hold))
                case .failure(let refusal): state.refused.append((label, refusal))
                }
            }
        }
        var refusal: LimitRefusal?
        if !queue.isContended(meters, priority: priority) {
            switch meters.claim(claim, uptime: now, now: clock.now) {
            case .success(let hold):
                answer(.success(hold))
                return nil
            case .failure(let why): refusal = why
            }
        }
        let ticket = QueueTicket(
            tenant: tenant,
            weight: weight,
            priority: priority,
            deadline: now + patience * Self.millisecond,
            cost: tokens,
            meters: meters,
            claim: claim,
            answer: answer
        )
        switch queue.enqueue(ticket, refusal: refusal, at: now) {
        case .success(let id): return id
        case .failure(let why):
            answer(.failure(why))
            return nil
        }
    }

    /// Lets time pass, in milliseconds.
    func pass(_ milliseconds: UInt64) {
        let end = clock.uptime + milliseconds * Self.millisecond
        while true {
            let next = state.withLock { $0.running.map(\.endsAt).min() }
            let wake = min(next ?? .max, queue.nextWake ?? .max)
            guard wake <= end else { break }
            if wake > clock.uptime { clock.advance(by: .nanoseconds(Int64(wake - clock.uptime))) }
            let ended = state.withLock { state in
                let ended = state.running.filter { $0.endsAt <= wake }.map(\.hold)
                state.running.removeAll { $0.endsAt <= wake }
                return ended
            }
            for hold in ended { hold.settle(tokens: nil, charge: nil) }
            queue.poll(at: clock.uptime)
        }
        clock.advance(by: .nanoseconds(Int64(end - clock.uptime)))
    }

    func servedCount(_ tenant: String) -> Int { served.count { $0.tenant == tenant } }
}
