package import SiraCore

/// Why billing does not do what it was asked.
package enum BillingError: Error, Hashable, Sendable {
    /// A value that cannot be used: where it is, and what is wrong with it.
    case invalid(_ field: String, _ problem: String)
    /// A result that leaves the range of money, ±9.2 billion dollars.
    case outOfRange(String)
    /// An amount that the currency has no coins for.
    case inexact(amount: String, unit: String)
    /// A transfer whose postings do not come to zero.
    case unbalanced(NanoUSD)
    /// Roll-ups tell of less than was charged for already.
    case settledMore(reference: String, settled: NanoUSD, charged: NanoUSD)
    /// The same was changed by others again and again meanwhile.
    case contended(String)
}

extension BillingError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalid(let field, let problem): "\(field) \(problem)"
        case .outOfRange(let what): "\(what) leaves the range of money"
        case .inexact(let amount, let unit): "\(amount) is no whole number of \(unit)"
        case .unbalanced(let rest): "the postings come to \(rest) USD rather than to zero"
        case .settledMore(let reference, let settled, let charged):
            "\(settled) USD are booked under '\(reference)', more than the \(charged) that were used: "
                + "correct it by an adjustment"
        case .contended(let what): "'\(what)' was changed by others again and again: try later"
        }
    }
}
