import SiraCore
package import SiraStorage

extension Transfer {
    /// Makes sure that it is one that the books may hold.
    ///
    /// - Throws: ``BillingError`` when it has no key, fewer than two postings, a posting of nothing or to an account of
    ///   an unknown kind, or does not come to zero.
    package func check() throws(BillingError) {
        guard !id.isEmpty, !key.isEmpty else { throw .invalid("key", "is empty") }
        guard key.utf8.count <= 300 else { throw .invalid("key", "is longer than 300 bytes") }
        guard postings.count >= 2 else { throw .invalid("postings", "are fewer than two") }
        for posting in postings {
            guard Account(posting.account) != nil else {
                throw .invalid("postings", "name '\(posting.account)', which is no account")
            }
            guard posting.amount != .zero else { throw .invalid("postings", "hold one of nothing") }
        }
        // The magnitudes of both sides fit, too: a sum that comes to zero by way of enormous ones is a mistake.
        let credits = try Money.sum(postings.map(\.amount).filter { $0 > .zero })
        let debits = try Money.sum(postings.map(\.amount).filter { $0 < .zero })
        let rest = try Money.sum([credits, debits])
        guard rest == .zero else { throw .unbalanced(rest) }
    }
}
