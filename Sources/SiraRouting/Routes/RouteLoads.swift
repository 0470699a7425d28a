package import SiraCore
import Synchronization

/// What each route has had to do lately, by which it is degraded.
///
/// Shared by all lanes; survives reloads.
///
/// Requests are counted over the last minute, costs over the last hour, each in sixty equal parts of it.
package final class RouteLoads: Sendable {
    private struct Load: Sendable {
        var requests = Ring(slot: 1_000_000_000)
        var cost = Ring(slot: 60_000_000_000)
    }

    private let loads = Mutex<[String: Load]>([:])

    package init() {}

    /// Counts a request of a route that has a limit, and tells whether the route is over it.
    ///
    /// - Parameters:
    ///   - isCounted: false for a request that is only asked about.
    ///   - now: nanoseconds, as ``GatewayClock/uptime`` counts.
    package func isOver(_ policy: DegradationPolicy, route: String, isCounted: Bool = true, at now: UInt64) -> Bool {
        loads.withLock { loads in
            loads[route, default: Load()].requests.add(isCounted ? 1 : 0, at: now)
            let requests = loads[route, default: Load()].requests.total(at: now)
            if let most = policy.requestsPerMinute, requests > Int64(most) { return true }
            let spent = loads[route, default: Load()].cost.total(at: now)
            return policy.costPerHour.map { spent >= $0 } ?? false
        }
    }

    /// Counts what a request of a route cost.
    package func note(_ cost: NanoUSD, route: String, at now: UInt64) {
        loads.withLock { $0[route]?.cost.add(cost.nanos, at: now) }
    }

    /// What the routes that have a limit have had to do, by name: requests of the last minute, and their cost in the last
    /// hour.
    package func recent(at now: UInt64) -> [(route: String, requests: Int64, cost: NanoUSD)] {
        loads.withLock { loads in
            loads.keys.sorted().map { route in
                let requests = loads[route]?.requests.total(at: now) ?? 0
                return (route, requests, NanoUSD(nanos: loads[route]?.cost.total(at: now) ?? 0))
            }
        }
    }

    /// Sums over sixty slots of time.
    private struct Ring: Sendable {
        private static let slots: UInt64 = 60
        private let slot: UInt64
        private var sums = [Int64](repeating: 0, count: Int(slots))
        private var newest: UInt64 = 0

        /// - Parameter slot: nanoseconds.
        init(slot: UInt64) {
            self.slot = slot
        }

        mutating func add(_ amount: Int64, at now: UInt64) {
            advance(to: now)
            let index = Int(newest % Self.slots)
            let (sum, overflow) = sums[index].addingReportingOverflow(max(0, amount))
            sums[index] = overflow ? .max : sum
        }

        mutating func total(at now: UInt64) -> Int64 {
            advance(to: now)
            return sums.reduce(0) { sum, next in
                let (total, overflow) = sum.addingReportingOverflow(next)
                return overflow ? .max : total
            }
        }

        private mutating func advance(to now: UInt64) {
            let current = now / slot
            guard current > newest else { return }
            for step in 0..<min(current - newest, Self.slots) { sums[Int((current - step) % Self.slots)] = 0 }
            newest = current
        }
    }
}
