package import SiraCore
package import SiraStorage

/// Where codes are given out and turned in.
package struct CodeDesk: Sendable {
    private let documents: any DocumentStore
    private let books: Books

    package init(documents: any DocumentStore, books: Books) {
        self.documents = documents
        self.books = books
    }

    /// Keeps a code that was drawn.
    ///
    /// - Throws: ``StoreError/exists(_:)`` when there is one of the same id.
    package func keep(_ code: RedeemCode) async throws {
        _ = try await documents.update(.redeemCode, code.id) { before in
            guard before == nil else { throw StoreError.exists(code.id) }
            return code.json
        }
    }

    /// Codes by their ids.
    package func codes(after: String? = nil, limit: Int = 100) async throws -> [RedeemCode] {
        try await documents.documents(.redeemCode, after: after, limit: limit).map { try RedeemCode(json: $0.json) }
    }

    /// Withdraws a code; what was turned in stays with who has it.
    ///
    /// - Throws: ``StoreError/notFound(_:)``.
    package func revoke(_ id: String, at now: Timestamp) async throws {
        _ = try await documents.update(.redeemCode, id) { before in
            guard let before else { throw StoreError.notFound(id) }
            var code = try RedeemCode(json: before)
            code.revokedAt = code.revokedAt ?? now
            return code.json
        }
    }

    /// Turns in a code for an organization's credit.
    ///
    /// First the organization is written down with the code, then the credit is booked under a key made of both. Whoever
    /// is stopped in between turns the code in once more and gets the credit then.
    ///
    /// - Throws: ``CodeRejection``, or what the stores throw.
    package func redeem(_ typed: String, for organization: String, at now: Timestamp) async throws -> ChainedTransfer {
        guard !organization.isEmpty else { throw BillingError.invalid("organization", "is empty") }
        guard let text = CodeText.normalized(typed), let digest = RedeemCode.digest(of: text) else {
            throw CodeRejection.malformed
        }
        let id = RedeemCode.id(of: digest)
        let kept = try await documents.update(.redeemCode, id) { before in
            guard let before else { throw CodeRejection.unknown }
            var code = try RedeemCode(json: before)
            // The id is only the beginning of the digest; the whole is compared in constant time.
            guard code.digest == digest else { throw CodeRejection.unknown }
            // Written down before: whether it got its credit the books know.
            if code.redeemedBy.contains(organization) { return before }
            guard code.revokedAt == nil else { throw CodeRejection.revoked }
            if let expiresAt = code.expiresAt, expiresAt <= now { throw CodeRejection.expired }
            guard code.redeemedBy.count < code.uses else { throw CodeRejection.usedUp }
            code.redeemedBy.append(organization)
            return code.json
        }
        guard let kept else { throw CodeRejection.unknown }
        let code = try RedeemCode(json: kept)
        let appended = try await books.post(
            Transfer(
                key: "redeem:\(code.id):\(organization)",
                at: now,
                kind: .redeem,
                memo: "Redeem code \(code.id)",
                reference: code.id,
                postings: [
                    Posting(account: Account.credit(organization).description, amount: code.amount),
                    Posting(account: Account.promotions.description, amount: Money.negative(code.amount)),
                ]
            )
        )
        guard appended.isNew else { throw CodeRejection.alreadyRedeemed }
        return appended.chained
    }
}
