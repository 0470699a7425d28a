package import SiraCore

/// Why a request went where it went: its decision record, as it is kept.
package struct StoredDecision: Hashable, Sendable {
    package var request: RequestID
    /// The id of the key that asked; empty when no key was asked for.
    package var key: String
    package var createdAt: Timestamp
    /// When it is let go; nil for never.
    package var expiresAt: Timestamp?
    /// The record, an object in JSON.
    package var json: [UInt8]

    package init(request: RequestID, key: String, createdAt: Timestamp, expiresAt: Timestamp?, json: [UInt8]) {
        self.request = request
        self.key = key
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.json = json
    }
}

/// Where decision records are kept.
package protocol DecisionStore: ExpiringStore {
    /// Keeps the records, all or none and durably once it returns, in place of earlier ones of the same requests.
    func put(_ decisions: [StoredDecision]) async throws

    /// The record of a request; nil when there is none.
    func decision(of request: RequestID) async throws -> StoredDecision?
}

/// Where decision records are gone through, the newest first.
package protocol DecisionLog: Sendable {
    /// At most so many records.
    ///
    /// - Parameter before: only those of requests that came before this one; nil for the newest.
    func newest(before request: RequestID?, limit: Int) async throws -> [StoredDecision]
}
