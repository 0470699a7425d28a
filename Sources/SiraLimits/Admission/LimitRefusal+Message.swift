import SiraCore
import SiraTenancy

extension LimitRefusal {
    /// What is wrong and what to do, for people.
    ///
    /// Made on demand, since most refusals are counted rather than read.
    package var message: String {
        switch reason {
        case .rate(let measure, let window): rateMessage(measure, window)
        case .concurrency where limit <= 0:
            "\(owner) may make no requests: the rule \(meter.rule) allows none or cannot be read. Ask an administrator."
        case .concurrency:
            "\(owner) may have \(limit) \(limit == 1 ? "request" : "requests") running at once. "
                + "Wait until one has ended."
        case .budget(let period): budgetMessage(period)
        case .unpriced:
            "No price is known for this request, and the budget \(meter.rule) of \(owner.lowercasedFirst) takes none "
                + "without. Choose a model with a price, or have an administrator set one."
        case .crowded:
            "The rule \(meter.rule) counts as many different names as it can, and \(meter.scope) would be one more. "
                + "Try again later."
        case .queueFull: "Too many requests are waiting already. Try again\(afterWait)."
        case .waitedTooLong: "The request waited for its turn as long as it may. Try again\(afterWait)."
        }
    }

    private func rateMessage(_ measure: LimitRule.Measure, _ window: LimitRule.Window) -> String {
        let unit = measure == .requests ? (limit == 1 ? "request" : "requests") : "tokens"
        let most = measure == .spend ? dollars(limit) : "\(limit) \(unit)"
        let verb = measure == .requests ? "make" : measure == .tokens ? "use" : "spend"
        let want = measure == .spend ? dollars(asked) : "\(asked) tokens"
        guard recovery != .never else {
            return "This request may \(verb) \(want), and \(owner.lowercasedFirst) may \(verb) \(most) at once. "
                + "Send a shorter prompt or ask for a shorter answer."
        }
        let may = "\(owner) may \(verb) \(most) per \(window.rawValue)"
        guard measure != .requests else { return "\(may). Try again\(afterWait)." }
        return "\(may), and this request may \(verb) \(want). Try again\(afterWait), or ask for a shorter answer."
    }

    private func budgetMessage(_ period: BudgetRule.Period) -> String {
        let budget = "The \(period.adjective)budget of \(owner.lowercasedFirst), \(dollars(limit)),"
        let wish = asked > 0 ? " (this one may cost \(dollars(asked)))" : ""
        switch recovery {
        case .whenOthersEnd:
            return "\(budget) is kept for requests that run now\(wish). Try again when they have ended."
        case .after:
            let renewal = renewal.map { " It has room again at \($0)" } ?? " It has room again\(afterWait)"
            return "\(budget) has no room for this request\(wish).\(renewal); an administrator can allow more before."
        case .never:
            return "\(budget) has no room for this request\(wish). Ask an administrator to allow more."
        }
    }

    /// Such as ` in 1.2 s`, rounded up.
    private var afterWait: String {
        guard let retryAfter else { return " later" }
        let tenths = (retryAfter.wholeNanoseconds + 99_999_999) / 100_000_000
        return tenths < 600 ? " in \(tenths / 10).\(tenths % 10) s" : " in \((tenths + 599) / 600) min"
    }

    private var owner: String {
        switch meter.scope.kind {
        case .gateway: "This gateway"
        case .key: "This key"
        default: "The \(meter.scope.kind.rawValue) \(meter.scope.name)"
        }
    }
}

extension BudgetRule.Period {
    fileprivate var adjective: String {
        switch self {
        case .calendar(.day): "daily "
        case .calendar(.week): "weekly "
        case .calendar(.month): "monthly "
        case .calendar(.quarter): "quarterly "
        case .calendar(.year): "yearly "
        case .rolling, .total: ""
        }
    }
}

extension String {
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}

/// Dollars with as many digits as needed, at least two after the point, such as `$2.50` or `$0.000125`.
private func dollars(_ nanos: Int64) -> String {
    let text = NanoUSD(nanos: nanos).description
    let zeros = text.suffix(7).reversed().prefix { $0 == "0" }.count
    return "$" + text.dropLast(zeros)
}
