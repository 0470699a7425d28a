internal import SiraTenancy

/// The tickets of an ``AdmissionQueue``, in the order in which they are served; what is behind its lock.
struct WaitingLine: Sendable {
    /// A ticket that waits.
    struct Waiting: Sendable {
        let ticket: QueueTicket
        /// Its priority, with what it gained by waiting.
        var level: RequestPriority
        /// What was in the way when it was last tried.
        var refusal: LimitRefusal
    }

    /// Something that comes with time.
    struct Alarm: Comparable, Sendable {
        enum Kind: Sendable {
            case deadline
            case rise
        }

        let at: UInt64
        let id: QueueTicket.ID
        let kind: Kind

        static func < (left: Alarm, right: Alarm) -> Bool { (left.at, left.id) < (right.at, right.id) }
    }

    /// What is to be told to whom once the lock is free.
    typealias Answer = (ticket: QueueTicket, result: Result<Hold, LimitRefusal>)

    let capacity: Int
    /// Nanoseconds of waiting after which a ticket rises.
    let ageing: UInt64
    var waiting: [QueueTicket.ID: Waiting] = [:]
    /// By priority.
    var levels = RequestPriority.allCases.map { _ in FairFlows() }
    /// The counters that refused when they were last tried, with the most urgent priority that they refused.
    var obstacles: [MeterName: RequestPriority] = [:]
    private var alarms = MinHeap<Alarm>()
    private var lastID: QueueTicket.ID = 0
    /// When a counter that refused will have room, at the earliest.
    var roomAt: UInt64?
    var rate = DrainRate()
    var answers: [Answer] = []

    init(capacity: Int, ageing: UInt64) {
        self.capacity = max(1, capacity)
        self.ageing = max(1, ageing)
    }

    /// Whether somebody at least as urgent waits for one of the counters already.
    func isContended(_ meters: MeterSet, priority: RequestPriority) -> Bool {
        guard !waiting.isEmpty else { return false }
        return meters.meters.contains { meter in obstacles[meter.name].map { $0 >= priority } ?? false }
    }

    /// Lets a ticket wait.
    mutating func insert(_ ticket: QueueTicket, refusal: LimitRefusal, at now: UInt64) -> QueueTicket.ID {
        lastID += 1
        waiting[lastID] = Waiting(ticket: ticket, level: ticket.priority, refusal: refusal)
        levels[Int(ticket.priority.rawValue)].insert(lastID, of: ticket.tenant)
        alarms.insert(Alarm(at: ticket.deadline, id: lastID, kind: .deadline))
        if ticket.priority < .interactive { alarms.insert(Alarm(at: now.later(ageing), id: lastID, kind: .rise)) }
        return lastID
    }

    /// Takes out a ticket; nil if it does not wait any more.
    mutating func remove(_ id: QueueTicket.ID, isServed: Bool = false) -> Waiting? {
        guard let entry = waiting.removeValue(forKey: id) else { return nil }
        let level = Int(entry.level.rawValue)
        if isServed {
            levels[level].serve(id, entry.ticket)
        } else {
            levels[level].remove(id, of: entry.ticket.tenant)
        }
        if waiting.isEmpty {
            roomAt = nil
            obstacles = [:]
        }
        // Alarms of tickets that are gone are dropped when their time comes, or when they are most.
        if alarms.count > 4 * waiting.count + 1_024 { dropStaleAlarms() }
        return entry
    }

    /// Notes what is in a ticket's way now.
    mutating func note(_ refusal: LimitRefusal, for id: QueueTicket.ID, at now: UInt64) {
        guard let entry = waiting[id] else { return }
        waiting[id]?.refusal = refusal
        for meter in [refusal.meter] + refusal.others {
            obstacles[meter] = max(obstacles[meter] ?? .background, entry.level)
        }
        guard case .after(let time) = refusal.recovery else { return }
        roomAt = min(roomAt ?? .max, now.later(time))
    }

    /// Lets those rise whose time has come, and sends away those who waited as long as they may.
    mutating func advance(to now: UInt64) {
        while let alarm = alarms.least, alarm.at <= now {
            _ = alarms.removeLeast()
            switch alarm.kind {
            case .deadline:
                guard let entry = remove(alarm.id) else { continue }
                answers.append((entry.ticket, .failure(entry.refusal.afterWaiting)))
            case .rise: rise(alarm)
            }
        }
    }

    /// When to look again if nothing happens before.
    var nextWake: UInt64? {
        guard let alarm = alarms.least else { return roomAt }
        return min(alarm.at, roomAt ?? .max)
    }

    private mutating func rise(_ alarm: Alarm) {
        guard let entry = waiting[alarm.id], let level = RequestPriority(rawValue: entry.level.rawValue + 1) else {
            return
        }
        levels[Int(entry.level.rawValue)].remove(alarm.id, of: entry.ticket.tenant)
        levels[Int(level.rawValue)].insert(alarm.id, of: entry.ticket.tenant)
        waiting[alarm.id]?.level = level
        guard level < .interactive else { return }
        alarms.insert(Alarm(at: alarm.at.later(ageing), id: alarm.id, kind: .rise))
    }

    private mutating func dropStaleAlarms() {
        var live: [Alarm] = []
        while let alarm = alarms.removeLeast() {
            if waiting[alarm.id] != nil { live.append(alarm) }
        }
        alarms = MinHeap(live)
    }
}

extension UInt64 {
    /// The sum, or the end of time.
    func later(_ time: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(time)
        return overflow ? .max : sum
    }
}

extension LimitRefusal {
    /// The same obstacle, after all the waiting that was allowed.
    fileprivate var afterWaiting: LimitRefusal {
        LimitRefusal(meter: meter, reason: .waitedTooLong, limit: limit, asked: asked, recovery: recovery)
    }
}
