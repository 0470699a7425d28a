/// The waiting tickets of one priority, by tenant.
///
/// Who is next is decided by start-time fair queueing (Goyal, Vin and Cheng, "Start-time Fair Queueing: A Scheduling
/// Algorithm for Integrated Services Packet Switching Networks", SIGCOMM 1996): each tenant's next ticket has a start
/// tag in virtual time, the least is served, and the tenant's next one starts later by cost over weight. Tags are given
/// when a ticket comes to the front of its tenant's line, so that those who leave unserved cost nothing.
struct FairFlows: Sendable {
    typealias VirtualTime = UInt128

    /// A tenant's line.
    struct Flow: Sendable {
        /// In the order of arrival.
        var tickets: [QueueTicket.ID] = []
        /// The tag of the ticket that is served next.
        var start: VirtualTime
    }

    /// Those with tickets.
    private(set) var flows: [String: Flow] = [:]
    /// Where those without tickets stand that have had more than others.
    private var idle: [String: VirtualTime] = [:]
    /// The start tag of the ticket served last.
    private(set) var virtual: VirtualTime = 0
    private(set) var count = 0

    /// So many tenants without tickets are remembered at most.
    private static let mostIdle = 10_000

    /// Virtual time that serving a ticket takes its tenant.
    static func step(_ ticket: QueueTicket) -> VirtualTime {
        (VirtualTime(ticket.cost) << 20) / VirtualTime(ticket.weight)
    }

    /// Lets a ticket wait, behind those of its tenant that came before.
    mutating func insert(_ id: QueueTicket.ID, of tenant: String) {
        var flow =
            flows.removeValue(forKey: tenant)
            ?? Flow(start: max(idle.removeValue(forKey: tenant) ?? 0, virtual))
        flow.tickets.insert(id, at: flow.tickets.partition(from: id))
        flows[tenant] = flow
        count += 1
    }

    /// Takes out a ticket that was not served.
    mutating func remove(_ id: QueueTicket.ID, of tenant: String) {
        guard flows[tenant]?.tickets.take(id) == true else { return }
        leave(tenant)
    }

    /// Takes out a ticket that was served.
    mutating func serve(_ id: QueueTicket.ID, _ ticket: QueueTicket) {
        guard let start = flows[ticket.tenant]?.start, flows[ticket.tenant]?.tickets.take(id) == true else { return }
        virtual = max(virtual, start)
        flows[ticket.tenant]?.start = start + Self.step(ticket)
        leave(ticket.tenant)
    }

    /// A tenant whose tickets cannot be served for reasons of their own saves up nothing meanwhile.
    mutating func passOver(_ tenant: String) {
        guard let start = flows[tenant]?.start, start < virtual else { return }
        flows[tenant]?.start = virtual
    }

    /// One of a tenant's tickets is gone.
    private mutating func leave(_ tenant: String) {
        count -= 1
        if let flow = flows[tenant], flow.tickets.isEmpty {
            flows[tenant] = nil
            if flow.start > virtual { idle[tenant] = flow.start }
        }
        if count == 0 {
            // A busy time has ended: all begin anew.
            idle = [:]
            virtual = 0
        } else if idle.count > Self.mostIdle {
            let now = virtual
            idle = idle.filter { $0.value > now }
            if idle.count > Self.mostIdle / 2 { idle = [:] }
        }
    }
}

extension [QueueTicket.ID] {
    /// Takes out a ticket, and says whether it was there.
    fileprivate mutating func take(_ id: QueueTicket.ID) -> Bool {
        let place = partition(from: id)
        guard place < count, self[place] == id else { return false }
        remove(at: place)
        return true
    }

    /// The place of the first that is not smaller, in an array in order.
    fileprivate func partition(from id: QueueTicket.ID) -> Int {
        if let last, last < id { return count }
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
