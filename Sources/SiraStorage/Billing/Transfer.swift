package import SiraCore

/// Money that moves from some accounts to others: an entry of the books, which is never changed.
package struct Transfer: Hashable, Sendable {
    /// Why money moves.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// An organization paid in advance.
        case topUp = "top_up"
        /// What requests cost.
        case usage
        /// A code was turned in.
        case redeem
        /// Money went back to an organization.
        case refund
        /// An invoice was issued.
        case invoice
        /// An invoice was paid.
        case payment = "invoice_payment"
        /// A period of a plan was paid.
        case subscription
        /// Credit that a plan includes, or a gift.
        case grant
        /// Credit of a plan that was not used in its month.
        case expiry
        /// A correction, which its memo gives the reason of.
        case adjustment
    }

    /// `trf_` and 26 digits that sort by time; unique.
    package var id: String
    /// What makes the transfer happen once however often it is asked for, such as `usage:org_4Fq…:2026-11-21/1`.
    package var key: String
    package var at: Timestamp
    package var kind: Kind
    /// For people.
    package var memo: String
    /// What it belongs with: an invoice's number, a payment's id, a day of usage; may be empty.
    package var reference: String
    package var postings: [Posting]

    /// - Parameter id: nil for a new one.
    package init(
        id: String? = nil,
        key: String,
        at: Timestamp,
        kind: Kind,
        memo: String = "",
        reference: String = "",
        postings: [Posting]
    ) {
        self.id = id ?? Self.freshID(at: at)
        self.key = key
        self.at = at
        self.kind = kind
        self.memo = memo
        self.reference = reference
        self.postings = postings
    }

    private static func freshID(at time: Timestamp) -> String {
        var random = SystemRandomNumberGenerator()
        return "trf_" + RequestID(at: time, using: &random).description.dropFirst(4)
    }

    /// Whether both say the same: all but the id and the time, which differ when something is asked for again.
    package func saysTheSame(as other: Transfer) -> Bool {
        kind == other.kind && memo == other.memo && reference == other.reference && postings == other.postings
    }

    /// By how much the account's balance changes; nil when the sum leaves the range.
    package func change(of account: String) -> NanoUSD? {
        var sum: Int64 = 0
        for posting in postings where posting.account == account {
            let (next, overflow) = sum.addingReportingOverflow(posting.amount.nanos)
            guard !overflow else { return nil }
            sum = next
        }
        return NanoUSD(nanos: sum)
    }
}
