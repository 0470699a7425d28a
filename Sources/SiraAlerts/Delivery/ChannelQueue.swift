import SiraCore

/// What waits for one channel, and when the next of it may go.
///
/// Messages of one incident go in order; those of others pass one that is being tried again. When the queue is full,
/// what people can best do without goes first: reminders, then beginnings, and ends last; of each the oldest first.
struct ChannelQueue {
    struct Item: Hashable {
        var alert: Alert
        var failures = 0
        var notBefore: Timestamp
        var isOnItsWay = false
    }

    enum Next: Hashable {
        case send(Alert)
        case wait(until: Timestamp)
        /// There is nothing to do until a message comes or one that is on its way has arrived.
        case idle
    }

    private(set) var items: [Item] = []
    private(set) var counts = DeliveryCounts()
    private let limit: Int
    private let pace: ChannelPace
    /// The pace's account: when all that went would have gone at the average rate.
    private var paid = Timestamp(microseconds: 0)
    /// The receiver wants nothing before this time.
    private var pausedUntil = Timestamp(microseconds: 0)

    init(limit: Int, pace: ChannelPace) {
        self.limit = max(1, limit)
        self.pace = pace
    }

    mutating func add(_ alert: Alert, at time: Timestamp, failures: Int = 0) {
        // Sent twice by a caller, or read back from before a restart.
        guard !items.contains(where: { $0.alert.id == alert.id }) else { return }
        if alert.state == .resolved {
            // Nobody needs to be reminded of what is over.
            let count = items.count
            items.removeAll { waiting in
                waiting.alert.incident == alert.incident && waiting.alert.occasion == .repeated && !waiting.isOnItsWay
            }
            counts.superseded += count - items.count
        }
        items.append(Item(alert: alert, failures: failures, notBefore: time))
        if items.count > limit { shed() }
    }

    private mutating func shed() {
        let order: [Alert.Occasion] = [.repeated, .fired, .dropped, .resolved]
        for occasion in order {
            guard let index = items.firstIndex(where: { $0.alert.occasion == occasion && !$0.isOnItsWay }) else {
                continue
            }
            items.remove(at: index)
            counts.shed += 1
            return
        }
    }

    /// The next message, which is then on its way until it is settled; one at a time.
    mutating func next(at time: Timestamp) -> Next {
        guard !items.contains(where: \.isOnItsWay) else { return .idle }
        // A clock that was set back must not stop everything.
        paid = min(paid, time.advanced(by: pace.interval * pace.burst))
        let gate = max(pace.allowed(paid), pausedUntil)
        var incidents: Set<String> = []
        var earliest: Timestamp?
        for index in items.indices where incidents.insert(items[index].alert.incident).inserted {
            let due = max(items[index].notBefore, gate)
            guard due <= time else {
                earliest = min(earliest ?? due, due)
                continue
            }
            items[index].isOnItsWay = true
            paid = pace.next(after: time, due: paid)
            return .send(items[index].alert)
        }
        return earliest.map { .wait(until: $0) } ?? .idle
    }

    /// What became of the message that was on its way.
    ///
    /// - Returns: the reason, when it was given up.
    mutating func settle(
        _ id: String,
        _ verdict: DeliveryVerdict,
        _ plan: RetryPlan,
        at time: Timestamp,
        random: Double
    ) -> String? {
        guard let index = items.firstIndex(where: { $0.alert.id == id && $0.isOnItsWay }) else { return nil }
        items[index].isOnItsWay = false
        switch verdict {
        case .delivered:
            counts.delivered += 1
            counts.lastFailure = nil
            items.remove(at: index)
            return nil
        case .retry(let reason, let asked):
            items[index].failures += 1
            counts.failures += 1
            counts.lastFailure = reason
            if let asked { pausedUntil = time.advanced(by: min(asked, plan.longest)) }
            guard let wait = plan.wait(after: items[index].failures, asked: asked, random: random) else {
                items.remove(at: index)
                counts.dead += 1
                return reason
            }
            items[index].notBefore = time.advanced(by: wait)
            return nil
        case .refused(let reason):
            items.remove(at: index)
            counts.failures += 1
            counts.dead += 1
            counts.lastFailure = reason
            return reason
        }
    }

    /// The message was not tried after all.
    mutating func release(_ id: String) {
        guard let index = items.firstIndex(where: { $0.alert.id == id }) else { return }
        items[index].isOnItsWay = false
    }
}

/// What has become of the messages to a channel.
package struct DeliveryCounts: Hashable, Sendable {
    /// Taken by the receiver.
    package var delivered = 0
    /// Tries that failed.
    package var failures = 0
    /// Given up: refused, or tried often enough.
    package var dead = 0
    /// Dropped because too much waited.
    package var shed = 0
    /// Reminders that were not sent because what they reminded of was over.
    package var superseded = 0
    /// Why the last try failed; nil when it did not.
    package var lastFailure: String?

    package init() {}
}
