package import SiraCore
package import SiraTenancy
import Synchronization

/// A budget's money, shared by all lanes.
///
/// A request reserves what it may cost before it is sent, and settles what it did cost. A budget that freezes lets
/// nothing through that might take what is settled and reserved beyond the allowance, so that only requests whose
/// estimate was too low can overspend it, each by its own error.
package final class BudgetAccount: Sendable {
    private let book: Mutex<BudgetBook>
    private let alerts: BudgetAlerts

    /// - Parameter scope: whose money it is.
    package init(_ rule: BudgetRule, scope: Scope, alerts: BudgetAlerts, at now: Timestamp) {
        book = Mutex(BudgetBook(rule, scope: scope, at: now))
        self.alerts = alerts
    }

    /// Keeps money for a request, or says why not.
    ///
    /// - Parameter charge: what it may cost; nil where no price is known, for which nothing is kept.
    package func reserve(_ charge: NanoUSD?, at now: Timestamp) -> LimitRefusal? {
        change { $0.reserve(charge, at: now) }
    }

    /// Counts what a request cost, and no longer keeps what was kept for it.
    package func settle(reserved: NanoUSD, actual: NanoUSD, at now: Timestamp) {
        change { $0.settle(reserved: reserved, actual: actual, at: now) }
    }

    /// No longer keeps what was kept for a request that cost nothing.
    package func release(_ reserved: NanoUSD, at now: Timestamp) {
        change { $0.settle(reserved: reserved, actual: .zero, at: now) }
    }

    /// Replaces what was spent by what the books say of the period at hand, for a start after a stop.
    ///
    /// Slices count by their start; those outside of the period are passed over.
    ///
    /// - Parameter mark: what was spent at a moment from which on the books need not know; nil where they know all.
    package func restore(_ slices: [SpentSlice], beyond mark: NanoUSD? = nil, at now: Timestamp) {
        let isFrozen = book.withLock {
            $0.restore(slices, beyond: mark, at: now)
            return $0.told.frozen
        }
        if isFrozen { alerts.watch(self) }
    }

    /// Keeps to another rule from now on; what was spent stays spent.
    ///
    /// In another period it counts as spent just now, until ``restore(_:at:)`` tells what was spent in that.
    package func adopt(_ rule: BudgetRule, at now: Timestamp) {
        change { $0.adopt(rule, at: now) }
    }

    /// How the budget stands.
    package func status(at now: Timestamp) -> BudgetStatus {
        change {
            $0.advance(to: now)
            return $0.status(at: now)
        }
    }

    /// The cheaper model that requests go to now, if so much is spent.
    package func softModel(at now: Timestamp) -> String? {
        change {
            guard let model = $0.rule.softModel else { return nil }
            $0.advance(to: now)
            return $0.isSoft(at: now) ? model : nil
        }
    }

    /// Whether requests ever go to a cheaper model.
    var hasSoftModel: Bool { book.withLock { $0.rule.softModel != nil && $0.rule.softAt != nil } }

    /// Whether somebody was told that it is frozen, and it still is.
    func staysFrozen(at now: Timestamp) -> Bool {
        change {
            $0.advance(to: now)
            return $0.told.frozen
        }
    }

    /// Whether nothing is spent or kept, so that the account could be made anew.
    func isIdle(at now: Timestamp) -> Bool {
        change {
            $0.advance(to: now)
            return $0.settled == 0 && $0.reserved == 0 && !$0.told.frozen
        }
    }

    /// Changes the book, and passes on what somebody should be told once the lock is free.
    private func change<Result>(_ body: (inout BudgetBook) -> Result) -> Result {
        var crossings: [BudgetCrossing] = []
        let result = book.withLock { book in
            let result = body(&book)
            if !book.crossings.isEmpty { swap(&crossings, &book.crossings) }
            return result
        }
        if !crossings.isEmpty { alerts.add(crossings, of: self) }
        return result
    }
}
