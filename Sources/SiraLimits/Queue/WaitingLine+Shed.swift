internal import SiraTenancy

extension WaitingLine {
    /// Makes room for one more, and sends away the one that gives way.
    ///
    /// The newest of the lowest priority below the newcomer's gives way. Where there is none, it is the newcomer; but
    /// not while a tenant of the same priority has more waiting than the newcomer's would have with it, in proportion
    /// to their weights: else one that asks ten times as often would hold ten times as many places, and be served
    /// ten times as often. Then that tenant's newest gives way.
    ///
    /// - Returns: whether there is room for the newcomer.
    mutating func makeRoom(for ticket: QueueTicket, at now: UInt64) -> Bool {
        guard waiting.count >= capacity else { return true }
        guard let level = levels.indices.first(where: { levels[$0].count > 0 }) else { return true }
        let priority = Int(ticket.priority.rawValue)
        guard level <= priority else { return false }
        let newest =
            level < priority
            ? levels[level].flows.values.compactMap(\.tickets.last).max()
            : newestOfLongest(level, besides: ticket)
        guard let newest, let entry = remove(newest) else { return false }
        answers.append((entry.ticket, .failure(fullness(for: entry.ticket, at: now))))
        return true
    }

    /// Says that the queue is full, and when a ticket of this priority would have been served.
    mutating func fullness(for ticket: QueueTicket, at now: UInt64) -> LimitRefusal {
        let before = levels[Int(ticket.priority.rawValue)...].reduce(0) { $0 + $1.count }
        let wait = rate.time(for: before + 1, at: now)
        let second: UInt64 = 1_000_000_000
        return LimitRefusal(
            meter: MeterName(rule: "", scope: .gateway),
            reason: .queueFull,
            limit: Int64(capacity),
            asked: 1,
            recovery: .after(nanoseconds: min(max(wait ?? second, second), 600 * second))
        )
    }

    /// How many go before a ticket as things are, and how long they will take.
    mutating func position(of id: QueueTicket.ID, at now: UInt64) -> QueuePosition? {
        guard let entry = waiting[id] else { return nil }
        let level = Int(entry.level.rawValue)
        var ahead = levels[(level + 1)...].reduce(0) { $0 + $1.count }
        let own = levels[level].flows[entry.ticket.tenant].map { tag(of: id, in: $0) } ?? 0
        for flow in levels[level].flows.values {
            var start = flow.start
            for other in flow.tickets where other != id {
                guard (start, other) < (own, id), let ticket = waiting[other]?.ticket else { break }
                ahead += 1
                start += FairFlows.step(ticket)
            }
        }
        let wait = rate.time(for: ahead + 1, at: now)
        return QueuePosition(ahead: ahead, wait: wait.map { .nanoseconds(Int64(clamping: $0)) })
    }

    /// The start tag that a ticket will have if all before it are served.
    private func tag(of id: QueueTicket.ID, in flow: FairFlows.Flow) -> FairFlows.VirtualTime {
        flow.tickets.prefix { $0 != id }.reduce(flow.start) { tag, other in
            tag + (waiting[other].map { FairFlows.step($0.ticket) } ?? 0)
        }
    }

    /// The newest ticket of the tenant with the most tickets for its weight, if that has more than its part.
    private func newestOfLongest(_ level: Int, besides ticket: QueueTicket) -> QueueTicket.ID? {
        var longest: (id: QueueTicket.ID, count: UInt64, weight: UInt64)?
        for flow in levels[level].flows.values {
            guard let id = flow.tickets.last, let weight = waiting[id]?.ticket.weight else { continue }
            let (count, weight64) = (UInt64(flow.tickets.count), UInt64(weight))
            if let known = longest {
                let (mine, other) = (count * known.weight, known.count * weight64)
                guard mine > other || mine == other && id > known.id else { continue }
            }
            longest = (id, count, weight64)
        }
        guard let longest else { return nil }
        let own = UInt64(levels[level].flows[ticket.tenant]?.tickets.count ?? 0) + 1
        return longest.count * UInt64(ticket.weight) > own * longest.weight ? longest.id : nil
    }
}
