package import SiraCore

/// One side of a transfer of money: an account, and by how much its balance changes.
///
/// The postings of a transfer come to zero. What is credited is positive, what is debited negative.
package struct Posting: Hashable, Sendable {
    /// The account's name, such as `credit:org_4Fq…`.
    package var account: String
    package var amount: NanoUSD

    package init(account: String, amount: NanoUSD) {
        self.account = account
        self.amount = amount
    }
}
