import SiraCore
import Synchronization

/// Keeps what second attempts cost to a share of what requests cost.
///
/// Shared by all lanes. What was spent is halved every ten minutes, so that savings of a quiet night are not burnt in a minute. Where the cost
/// of an attempt is not known, numbers of requests stand in for it, in a book of their own.
package final class CostBudget: Sendable {
    private let books: Mutex<Books>

    /// - Parameter halfLife: nanoseconds after which what was spent counts for half.
    package init(halfLife: UInt64 = 600 * .nanosecondsPerSecond) {
        books = Mutex(Books(halfLife: max(1, halfLife)))
    }

    /// Counts what a request cost, in nano-dollars; nil where that is not known.
    package func deposit(cost: Int64?, at now: UInt64) {
        books.withLock { $0.deposit(cost, at: now) }
    }

    /// Takes what a second attempt will cost, if the share has room for it.
    ///
    /// - Parameters:
    ///   - cost: an estimate in nano-dollars; nil where it is not known.
    ///   - share: how much second attempts may add to the cost of requests; 0.05 is 5 %.
    package func withdraw(cost: Int64?, share: Double, at now: UInt64) -> Bool {
        books.withLock { $0.withdraw(cost, share: share, at: now) }
    }

    /// What requests and second attempts have cost lately, in nano-dollars, for people.
    package func recent(at now: UInt64) -> (requests: Int64, extra: Int64) {
        books.withLock { $0.recent(at: now) }
    }
}

extension CostBudget {
    /// What was spent and how often; pure.
    struct Books: Sendable {
        /// What was spent on requests and on second attempts; integers, as all money is.
        private struct Book: Sendable {
            var requests: Int64 = 0
            var extra: Int64 = 0

            mutating func halve(_ times: UInt64) {
                requests >>= Int64(min(times, 62))
                extra >>= Int64(min(times, 62))
            }

            /// Takes `amount` if all that is extra then keeps to so many millionths of the requests.
            mutating func take(_ amount: Int64, perMillion: Int64) -> Bool {
                let (sum, overflow) = extra.addingReportingOverflow(amount)
                guard !overflow else { return false }
                let allowed = requests.multipliedFullWidth(by: perMillion)
                let wanted = sum.multipliedFullWidth(by: 1_000_000)
                guard (wanted.high, wanted.low) <= (allowed.high, allowed.low) else { return false }
                extra = sum
                return true
            }
        }

        private var known = Book()
        private var unknown = Book()
        private let halfLife: UInt64
        private var halvedAt: UInt64?
        /// Requests whose cost is not known are counted in such units, so that halving does not lose them.
        private static let unit: Int64 = 1 << 20

        init(halfLife: UInt64) {
            self.halfLife = halfLife
        }

        mutating func deposit(_ cost: Int64?, at now: UInt64) {
            age(to: now)
            if let cost {
                known.requests = (NanoUSD(nanos: known.requests) + NanoUSD(nanos: max(0, cost))).nanos
            } else {
                unknown.requests = (NanoUSD(nanos: unknown.requests) + NanoUSD(nanos: Self.unit)).nanos
            }
        }

        mutating func withdraw(_ cost: Int64?, share: Double, at now: UInt64) -> Bool {
            age(to: now)
            let perMillion = share.isFinite ? Int64(min(max(share, 0), 1_000) * 1_000_000) : 0
            guard let cost else { return unknown.take(Self.unit, perMillion: perMillion) }
            return known.take(max(0, cost), perMillion: perMillion)
        }

        mutating func recent(at now: UInt64) -> (requests: Int64, extra: Int64) {
            age(to: now)
            return (known.requests, known.extra)
        }

        private mutating func age(to now: UInt64) {
            guard let last = halvedAt else {
                halvedAt = now
                return
            }
            let times = now.passed(since: last) / halfLife
            guard times > 0 else { return }
            halvedAt = last + times * halfLife
            known.halve(times)
            unknown.halve(times)
        }
    }
}
