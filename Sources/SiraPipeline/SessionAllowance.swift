import SiraCore
import SiraLimits
import SiraStorage

/// What a session holds of limits and budgets: for each answer that runs, and for the one that may come next.
///
/// To its tenants and to its provider the session is one request, which takes its place among those that run as long as
/// it lasts. What its answers need is reserved for one after another, and settled as each of them ends.
struct SessionAllowance {
    /// What is reserved of one set of counters.
    private struct Share {
        let hold: Hold
        /// For an answer each, the oldest first.
        var parts: [Claim]

        init?(_ hold: Hold?) {
            guard let hold, let claim = hold.claim else { return nil }
            self.hold = hold
            parts = [claim]
        }

        /// Reserves for so many answers in all.
        mutating func cover(_ answers: Int, by next: Claim) -> LimitRefusal? {
            while parts.count < answers {
                if let refusal = hold.raise(by: next) { return refusal }
                parts.append(next)
            }
            return nil
        }

        /// Puts what was used in the place of what was reserved for it.
        ///
        /// - Parameters:
        ///   - known: what is known of that; where no price is, what is expected stands.
        ///   - answers: for how many there is to be something reserved from now on.
        mutating func settle(_ known: Claim, answers: Int, next: Claim) -> LimitRefusal? {
            let wasReserved = !parts.isEmpty
            let part = wasReserved ? parts.removeFirst() : Claim(tokens: 0, charge: nil)
            var used = known
            if known.charge == nil {
                let expected = wasReserved ? part : next
                used = Claim(tokens: max(known.tokens, expected.tokens), charge: expected.charge)
            }
            guard parts.count < answers else { return hold.renew(part, used: used, next: nil) }
            if let refusal = hold.renew(part, used: used, next: next) {
                // What may pass is asked for once more when an answer begins, but not left for ever.
                return refusal.mayPass && wasReserved ? nil : refusal
            }
            parts.append(next)
            return nil
        }
    }

    private var tenants: Share?
    private var supply: Share?
    /// What the answer before needed, of the tenants' counters and of the provider's.
    private var last = (tenants: Claim(tokens: 0, charge: nil), supply: Claim(tokens: 0, charge: nil))

    /// - Parameters:
    ///   - tenants: what was taken from the limits and budgets of the tenants.
    ///   - supply: what was taken from those of provider and model.
    init(tenants: Hold?, supply: Hold?) {
        (self.tenants, self.supply) = (Share(tenants), Share(supply))
    }

    /// Sees to it that something is reserved for each answer that runs.
    ///
    /// - Returns: why there is no more.
    mutating func cover(_ answers: Int, _ expected: Expectation) -> LimitRefusal? {
        tenants?.cover(answers, by: expected.claim.atLeast(last.tenants))
            ?? supply?.cover(answers, by: expected.supplyClaim.atLeast(last.supply))
    }

    /// Settles what an answer has used, and reserves what the next is expected to use: no less than this one.
    ///
    /// - Parameters:
    ///   - record: its line of the ledger.
    ///   - isAnswer: whether others after it will be like it. What else was done costs nothing where no price is known.
    ///   - answers: how many run on, or may come; 0 where none is to be reserved for.
    /// - Returns: why the session cannot go on.
    mutating func settle(
        _ record: UsageRecord,
        isAnswer: Bool,
        answers: Int,
        _ expected: Expectation
    ) -> LimitRefusal? {
        let tokens = Int64(clamping: record.usage.total)
        let used = Claim(tokens: tokens, charge: record.charge ?? (isAnswer ? nil : .zero))
        let cost = Claim(tokens: tokens, charge: record.cost ?? (isAnswer ? nil : .zero))
        if isAnswer { last = (used, cost) }
        let refusal = tenants?.settle(used, answers: answers, next: expected.claim.atLeast(last.tenants))
        let other = supply?.settle(cost, answers: answers, next: expected.supplyClaim.atLeast(last.supply))
        return refusal ?? other
    }
}

extension Claim {
    /// No less than another one in anything.
    fileprivate func atLeast(_ other: Claim) -> Claim {
        var claim = Claim(tokens: max(tokens, other.tokens), charge: charge)
        if let least = other.charge { claim.charge = max(charge ?? .zero, least) }
        return claim
    }
}

extension LimitRefusal {
    /// Whether there may be room soon, though nobody allows more.
    fileprivate var mayPass: Bool {
        switch (reason, recovery) {
        case (_, .never): false
        case (.rate, _), (_, .whenOthersEnd): true
        default: false
        }
    }
}
