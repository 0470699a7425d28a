import Crypto
package import SiraCore

/// Where answers to requests that carried an idempotency key are kept, so that a repetition gets the same one.
package protocol ReplyStore: ExpiringStore {
    /// Takes the key for a request that begins, unless there is something for the key that has not expired.
    ///
    /// - Returns: what there is; nil when the key was taken.
    func reserve(_ reply: StoredReply, at time: Timestamp) async throws -> StoredReply?

    /// Keeps the answer for a key that was reserved.
    func settle(_ reply: StoredReply) async throws

    /// Lets go of a key whose request came to nothing.
    func release(_ key: String, of caller: String) async throws
}

/// An answer for an idempotency key.
package struct StoredReply: Hashable, Sendable {
    package var key: String
    /// Who sent it; keys of different callers have nothing to do with each other.
    package var caller: String
    /// A digest of method, path and body.
    package var request: String
    /// 0 while there is no answer yet.
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

    /// A digest by which a request is told from others.
    package static func digest(_ method: String, _ path: String, _ body: [UInt8]) -> String {
        var sha = SHA256()
        sha.update(data: Array("\(method) \(path.utf8.count):\(path)".utf8))
        sha.update(data: body)
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: sha.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
