package import SiraCore
import SiraJSON
package import SiraTenancy

extension ResourceDesk {
    /// Makes a token for a user or service account.
    ///
    /// - Parameter body: the fields of ``APITokenTerms``.
    /// - Throws: ``DeskError``, and the stores' errors.
    package func createToken(
        for holder: ResourceReference,
        from body: [UInt8],
        by author: Author
    ) async throws -> (token: APIToken, text: Secret) {
        try await checkHolder(holder, author, isChange: true)
        let terms = try Self.read(body) { try APITokenTerms.read($0) }
        let now = clock.now()
        if let expiresAt = terms.expiresAt, expiresAt <= now {
            throw DeskError.invalid(FieldProblems([FieldProblem("expires_at", "must be in the future")]))
        }
        var random = SystemRandomNumberGenerator()
        let issued = APIToken.issue(terms, to: holder, at: now, using: &random)
        var entry = entry("create_token", of: holder.kind, holder.id, by: author)
        entry.changes = AuditChange.json(AuditChange("token", to: issued.token.id))
        do {
            try await tokens.insert(issued.token, entry)
        } catch ResourceConflict.missing {
            throw DeskError.missing(kind: holder.kind.noun, id: holder.id)
        }
        return issued
    }

    /// The tokens of a user or service account, the newest first.
    package func tokens(of holder: ResourceReference, for author: Author) async throws -> [APIToken] {
        try await checkHolder(holder, author, isChange: false)
        return try await tokens.tokens(of: holder)
    }

    /// Refuses a token from now on.
    package func revokeToken(_ id: String, of holder: ResourceReference, by author: Author) async throws -> APIToken {
        try await checkHolder(holder, author, isChange: true)
        var entry = entry("revoke_token", of: holder.kind, holder.id, by: author)
        entry.changes = AuditChange.json(AuditChange("token", from: id, to: nil))
        guard let token = try await tokens.revoke(id, of: holder, at: clock.now(), entry) else {
            throw DeskError.missing(kind: "token", id: id)
        }
        return token
    }

    /// Who shows a token, and what they may do at the moment.
    ///
    /// - Returns: nil when the token is not honoured, or its holder is not active.
    package func author(showing text: String) async throws -> Author? {
        guard let fingerprint = TokenText.fingerprint(of: text),
            let token = try await tokens.token(fingerprint.lookup), token.fingerprint.hash == fingerprint.hash,
            token.isValid(at: clock.now())
        else { return nil }
        let (book, holder) = (try await book(), token.holder)
        let isActive = book.users[holder.id]?.isActive ?? book.serviceAccounts[holder.id]?.isActive ?? false
        guard isActive else { return nil }
        return Author(actor: "\(holder.kind.rawValue):\(holder.id)", authority: book.authority(of: holder))
    }

    /// Refuses what the author may not see of a user or service account, or not do in their name.
    ///
    /// - Parameter isChange: whether the author is to be able to do all that the holder may.
    /// - Throws: ``DeskError``, and the stores' errors.
    package func checkHolder(_ holder: ResourceReference, _ author: Author, isChange: Bool) async throws {
        let kept = try await resource(holder.kind, holder.id, for: author)
        // A token does all that its holder may.
        if isChange { try await check(kept.value, holder.id, try type(of: holder.kind), author) }
    }
}
