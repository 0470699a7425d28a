package import SiraCore

/// An account of the books: what kind of money it holds, and whose.
///
/// Written kind and name, `credit:org_4Fq…`. What is credited to an account is positive in it, what is debited negative.
package struct Account: Hashable, Sendable {
    /// The closed list of kinds.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// What an organization has paid in advance and not used: owed to it.
        case credit
        /// What is left of the credit that an organization's plan includes this month: owed to it.
        case included
        /// What an organization has to pay: negative while it owes.
        case receivable
        /// Money that came in, by who holds it: negative while there is some.
        case cash
        /// What was earned, by what for: `usage`, `subscription`, `savings`, `rounding`.
        case revenue
        /// What was given away: negative.
        case promotions
        /// What was collected for the tax office: owed to it.
        case tax
        /// Corrections.
        case adjustments

        /// Whether the kind's ordinary balance is a debit, and so negative.
        package var isDebit: Bool { self == .receivable || self == .cash || self == .promotions }
    }

    package let kind: Kind
    /// The organization's id, or which of the operator's accounts of the kind it is.
    package let name: String

    package init(_ kind: Kind, _ name: String) {
        self.kind = kind
        self.name = name
    }

    package static func credit(_ organization: String) -> Account { Account(.credit, organization) }
    package static func included(_ organization: String) -> Account { Account(.included, organization) }
    package static func receivable(_ organization: String) -> Account { Account(.receivable, organization) }
    package static let stripeCash = Account(.cash, "stripe")
    package static let usageRevenue = Account(.revenue, "usage")
    package static let subscriptionRevenue = Account(.revenue, "subscription")
    package static let savingsRevenue = Account(.revenue, "savings")
    package static let roundingRevenue = Account(.revenue, "rounding")
    package static let promotions = Account(.promotions, "credit")
    package static let salesTax = Account(.tax, "sales")

    /// The balance as people read it: money held and money owed to the operator are above zero.
    package func shown(_ balance: NanoUSD) -> NanoUSD { kind.isDebit ? Money.negative(balance) : balance }
}

extension Account: CustomStringConvertible {
    package var description: String { "\(kind.rawValue):\(name)" }

    /// Reads what ``description`` writes; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2, let kind = Kind(rawValue: String(halves[0])), !halves[1].isEmpty else { return nil }
        self.init(kind, String(halves[1]))
    }
}
