package import SiraCore

/// Where answers to requests that carried an idempotency key are kept, so that a repetition gets the same one.
package protocol ReplyStore: ExpiringStore {
    /// Keeps an answer unless there is one for the key; gives the one that counts.
    func settle(_ reply: StoredReply) async throws -> StoredReply

    /// The answer for a key of a caller; nil when there is none.
    func reply(_ key: String, of caller: String) async throws -> StoredReply?
}

/// An answer for an idempotency key.
package struct StoredReply: Hashable, Sendable {
    package var key: String
    /// Who sent it; keys of different callers have nothing to do with each other.
    package var caller: String
    /// A digest of method, path and body.
    package var request: String
    package var status: Int
    package var body: [UInt8]
    package var expiresAt: Timestamp

    package init(key: String, caller: String, request: String, status: Int, body: [UInt8], expiresAt: Timestamp) {
        self.key = key
        self.caller = caller
        self.request = request
        self.status = status
        self.body = body
        self.expiresAt = expiresAt
    }
}
