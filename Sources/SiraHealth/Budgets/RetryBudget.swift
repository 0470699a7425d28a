import Synchronization

/// Keeps retries to a share of requests, so that a provider in trouble is not drowned by them.
///
/// Shared by all lanes. After Twitter Finagle's `RetryBudget`: in the last ten seconds there may have been `floor` retries, and besides a
/// share of the requests of that time. The share and the floor belong to the route that asks; requests and retries are
/// counted over all of the process.
package final class RetryBudget: Sendable {
    private let counts = Mutex(Counts())

    package init() {}

    /// Counts a request.
    package func deposit(at now: UInt64) {
        counts.withLock { $0.addRequest(at: now) }
    }

    /// Takes a retry, if there is one left.
    ///
    /// - Parameters:
    ///   - share: retries for each request; 0.2 is one for five.
    ///   - floor: retries in ten seconds however few requests there are.
    package func withdraw(share: Double = 0.2, floor: Int = 10, at now: UInt64) -> Bool {
        counts.withLock { $0.takeRetry(share: share, floor: floor, at: now) }
    }

    /// The requests and the retries of the last ten seconds, for people.
    package func recent(at now: UInt64) -> (requests: Int, retries: Int) {
        counts.withLock { $0.recent(at: now) }
    }
}

extension RetryBudget {
    /// Requests and retries in a ring of ten seconds; pure.
    struct Counts: Sendable {
        private static let slots: UInt64 = 10
        private var requests = [Int](repeating: 0, count: Int(slots))
        private var retries = [Int](repeating: 0, count: Int(slots))
        private var requestsInAll = 0
        private var retriesInAll = 0
        private var newest: UInt64 = 0

        mutating func addRequest(at now: UInt64) {
            advance(to: now)
            requests[slot] += 1
            requestsInAll += 1
        }

        mutating func takeRetry(share: Double, floor: Int, at now: UInt64) -> Bool {
            advance(to: now)
            // Thousandths, so that no rounding of fractions adds up.
            let perMille = share.isFinite ? Int(min(max(share, 0), 1_000) * 1_000) : 0
            let allowed = min(max(floor, 0), 1 << 32) * 1_000 + min(requestsInAll, 1 << 32) * perMille
            guard (retriesInAll + 1) * 1_000 <= allowed else { return false }
            retries[slot] += 1
            retriesInAll += 1
            return true
        }

        mutating func recent(at now: UInt64) -> (requests: Int, retries: Int) {
            advance(to: now)
            return (requestsInAll, retriesInAll)
        }

        private var slot: Int { Int(newest % Self.slots) }

        private mutating func advance(to now: UInt64) {
            let second = now / .nanosecondsPerSecond
            guard second > newest else { return }
            let steps = min(second - newest, Self.slots)
            for step in 1...steps {
                let index = Int((second - steps + step) % Self.slots)
                requestsInAll -= requests[index]
                retriesInAll -= retries[index]
                (requests[index], retries[index]) = (0, 0)
            }
            newest = second
        }
    }
}
