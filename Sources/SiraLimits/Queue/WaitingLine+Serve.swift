internal import SiraTenancy

extension WaitingLine {
    /// A tenant's turn.
    private struct Turn: Comparable {
        let start: FairFlows.VirtualTime
        /// The first ticket, which decides between equals.
        let first: QueueTicket.ID
        let tenant: String

        static func < (left: Turn, right: Turn) -> Bool { (left.start, left.first) < (right.start, right.first) }
    }

    /// So many of a tenant's tickets are looked at for one that is not held up.
    private static let lookahead = 8

    /// Serves all for whom there is room, in their order.
    ///
    /// Where a counter refuses one, all behind it that the counter counts too stay behind it; others do not.
    mutating func serve(at now: UInt64) {
        roomAt = nil
        obstacles = [:]
        for level in levels.indices.reversed() where levels[level].count > 0 {
            serve(level: level, at: now)
        }
    }

    /// Tries one ticket, which waits on or is answered.
    mutating func attempt(_ id: QueueTicket.ID, at now: UInt64) {
        guard let entry = waiting[id] else { return }
        let result = entry.ticket.attempt()
        switch result {
        case .success:
            _ = remove(id, isServed: true)
            rate.add(at: now)
        case .failure(let refusal):
            guard refusal.isWorthWaiting(until: entry.ticket.deadline, from: now) else {
                _ = remove(id)
                break
            }
            return note(refusal, for: id, at: now)
        }
        answers.append((entry.ticket, result))
    }

    private mutating func serve(level: Int, at now: UInt64) {
        var turns = MinHeap(levels[level].flows.compactMap { turn(of: $0.key, $0.value) })
        while let turn = turns.removeLeast() {
            guard let id = next(level: level, of: turn.tenant) else {
                levels[level].passOver(turn.tenant)
                continue
            }
            attempt(id, at: now)
            guard let flow = levels[level].flows[turn.tenant], let next = self.turn(of: turn.tenant, flow) else {
                continue
            }
            turns.insert(next)
        }
    }

    /// A tenant's first ticket that nothing holds up.
    ///
    /// Gives back its copy of the tenant's line before that changes, which would else be copied as a whole.
    private func next(level: Int, of tenant: String) -> QueueTicket.ID? {
        levels[level].flows[tenant]?.tickets.prefix(Self.lookahead).first { !isHeldUp($0) }
    }

    private func turn(of tenant: String, _ flow: FairFlows.Flow) -> Turn? {
        flow.tickets.first.map { Turn(start: flow.start, first: $0, tenant: tenant) }
    }

    /// Whether one before it waits for a counter that it is held to as well.
    private func isHeldUp(_ id: QueueTicket.ID) -> Bool {
        guard !obstacles.isEmpty, let entry = waiting[id] else { return false }
        let ticket = entry.ticket
        guard ticket.alternatives.isEmpty else {
            return ([ticket.meters] + ticket.alternatives).allSatisfy {
                $0.meters.contains { obstacles[$0.name] != nil }
            }
        }
        return obstacles[entry.refusal.meter] != nil || ticket.meters.meters.contains { obstacles[$0.name] != nil }
    }
}

extension LimitRefusal {
    /// Whether there may be room before a deadline.
    func isWorthWaiting(until deadline: UInt64, from now: UInt64) -> Bool {
        switch recovery {
        case .never: false
        case .whenOthersEnd: now < deadline
        case .after(let time): (mayEndAnyTime ? now : now.later(time)) < deadline
        }
    }
}
