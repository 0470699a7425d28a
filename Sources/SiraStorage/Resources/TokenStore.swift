package import SiraCore
package import SiraTenancy

/// Where the tokens of users and service accounts are kept.
package protocol TokenStore: Sendable {
    /// Keeps a new token and writes the entry into the trail: both or neither.
    ///
    /// - Throws: ``ResourceConflict/missing(_:)`` when the holder is not there.
    func insert(_ token: APIToken, _ entry: AuditEntry) async throws

    /// The tokens of a holder, revoked and expired ones included, the newest first.
    func tokens(of holder: ResourceReference) async throws -> [APIToken]

    /// The token with these digits; nil when there is none.
    func token(_ lookup: KeyLookup) async throws -> APIToken?

    /// Refuses a token from that time on; one that was revoked before keeps its time.
    ///
    /// - Returns: the token as it is now; nil when the holder has none of that id.
    func revoke(
        _ id: String,
        of holder: ResourceReference,
        at time: Timestamp,
        _ entry: AuditEntry
    ) async throws -> APIToken?
}
