package import SiraCore
package import SiraStorage

extension Books {
    /// Books a payment in advance that did not come by Stripe.
    ///
    /// - Parameters:
    ///   - amount: above zero.
    ///   - reference: names the payment; the same reference counts once.
    ///   - reason: kept as the transfer's memo; not empty.
    @discardableResult
    package func topUp(
        _ organization: String,
        by amount: NanoUSD,
        reference: String,
        reason: String,
        at now: Timestamp
    ) async throws -> AppendedTransfer {
        guard amount > .zero else { throw BillingError.invalid("amount", "is not above zero") }
        guard !reason.isEmpty else { throw BillingError.invalid("reason", "is empty") }
        return try await post(
            Transfer(
                key: "topup:\(organization):\(reference)",
                at: now,
                kind: .topUp,
                memo: reason,
                reference: reference,
                postings: [
                    Posting(account: Account.credit(organization).description, amount: amount),
                    Posting(account: Account(.cash, "bank").description, amount: Money.negative(amount)),
                ]
            )
        )
    }

    /// What each organization may spend in all, from its first request on: what stands to its credit, and what of its
    /// usage was settled.
    ///
    /// Settling more leaves it as it is: it is made of what came and went besides usage, and of usage that no credit
    /// paid.
    package func allowances() async throws -> [String: NanoUSD] {
        var parts: [String: [NanoUSD]] = [:]
        for kind in [Account.Kind.credit, .included, .receivable] {
            let prefix = kind.rawValue + ":"
            for (account, turnovers) in try await store.turnovers(startingWith: prefix) {
                let organization = String(account.dropFirst(prefix.count))
                let counted = turnovers.compactMap { turnover -> NanoUSD? in
                    if kind == .receivable { return turnover.key == .usage ? Money.negative(turnover.value) : nil }
                    return turnover.key == .usage ? nil : turnover.value
                }
                parts[organization, default: []] += counted
            }
        }
        return try parts.mapValues { try Money.sum($0) }
    }
}
