internal import SiraCore
package import SiraTenancy
import Synchronization

/// Requests that wait for room instead of being refused at once; shared by all lanes.
///
/// They are served by priority; within one, tenants share by weight, and a tenant's own are served as they came. One
/// that waits rises by a priority in a given time, so that none waits for ever. A request waits behind those that wait
/// for the same counter, and nobody else: one whose tenant has used up its own limits holds up no other tenant.
///
/// The queue has no clock or timer: somebody calls ``poll(at:)`` whenever a hold has ended, and at ``nextWake``.
package final class AdmissionQueue: Sendable {
    private let line: Mutex<WaitingLine>
    private let size = Atomic<Int>(0)

    /// - Parameters:
    ///   - capacity: how many may wait; at least 1.
    ///   - ageing: the time of waiting after which a request rises by one priority.
    package init(capacity: Int, ageing: Duration = .seconds(30)) {
        line = Mutex(WaitingLine(capacity: capacity, ageing: ageing.wholeNanoseconds))
    }

    /// How many wait; costs next to nothing.
    package var count: Int { size.load(ordering: .sequentiallyConsistent) }

    /// Whether a request must not take what it needs at once, because others wait for that which are as urgent.
    package func isContended(_ meters: MeterSet, priority: RequestPriority) -> Bool {
        guard count > 0 else { return false }
        return line.withLock { $0.isContended(meters, priority: priority) }
    }

    /// Lets a request wait that was refused.
    ///
    /// It is tried once more at once, lest what refused it has ended meanwhile: its answer may come before this
    /// returns. A full queue sends away another request for it, where that is less urgent or its tenant has more.
    ///
    /// - Parameters:
    ///   - refusal: why it has to wait; nil where it was not tried because of others that wait.
    ///   - now: nanoseconds of uptime.
    /// - Returns: its name, if its answer comes; or why it may not wait, and then none does.
    package func enqueue(
        _ ticket: QueueTicket,
        refusal: LimitRefusal?,
        at now: UInt64
    ) -> Result<QueueTicket.ID, LimitRefusal> {
        change { line in
            line.advance(to: now)
            let refusal = refusal ?? .notTried
            guard refusal.isWorthWaiting(until: ticket.deadline, from: now) else { return .failure(refusal) }
            guard line.makeRoom(for: ticket, at: now) else { return .failure(line.fullness(for: ticket, at: now)) }
            let isContended = ([ticket.meters] + ticket.alternatives).allSatisfy {
                line.isContended($0, priority: ticket.priority)
            }
            let id = line.insert(ticket, refusal: refusal, at: now)
            // Seen by those who end a hold after this attempt.
            size.store(line.waiting.count, ordering: .sequentiallyConsistent)
            if !isContended { line.attempt(id, at: now) }
            return .success(id)
        }
    }

    /// Lets a request wait no longer, and serves those that it held up.
    ///
    /// - Returns: whether it still waited; then its answer does not come.
    package func cancel(_ id: QueueTicket.ID, at now: UInt64) -> Bool {
        change { line in
            guard line.remove(id) != nil else { return false }
            line.serve(at: now)
            return true
        }
    }

    /// Serves all for whom there is room, and sends away those who waited as long as they may.
    ///
    /// Answers are given before this returns, on this thread.
    ///
    /// - Parameter now: nanoseconds of uptime.
    package func poll(at now: UInt64) {
        guard count > 0 else { return }
        change {
            $0.advance(to: now)
            $0.serve(at: now)
        }
    }

    /// The uptime at which to poll if no hold ends before; nil where only that helps.
    package var nextWake: UInt64? { line.withLock { $0.waiting.isEmpty ? nil : $0.nextWake } }

    /// Where a request is; nil once it does not wait any more.
    ///
    /// Looks at all that wait.
    package func position(of id: QueueTicket.ID, at now: UInt64) -> QueuePosition? {
        line.withLock { $0.position(of: id, at: now) }
    }

    /// Changes the line, and gives answers once the lock is free.
    private func change<Result: Sendable>(_ body: (inout WaitingLine) -> Result) -> Result {
        var answers: [WaitingLine.Answer] = []
        let result = line.withLock { line in
            let result = body(&line)
            swap(&answers, &line.answers)
            size.store(line.waiting.count, ordering: .sequentiallyConsistent)
            return result
        }
        for answer in answers { answer.ticket.answer(answer.result) }
        return result
    }
}

extension LimitRefusal {
    /// For those who were not tried because of others.
    fileprivate static let notTried = LimitRefusal(
        meter: MeterName(rule: "", scope: .gateway),
        reason: .queueFull,
        limit: 0,
        asked: 1,
        recovery: .whenOthersEnd
    )
}
