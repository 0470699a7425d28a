import Crypto
package import SiraCore

/// A line of the trail: who did what to which thing, and when.
///
/// Lines are only ever appended. Each has the digest of itself and of the one before, so that none can be changed or
/// taken out of the middle without every later one telling.
package struct AuditEntry: Hashable, Sendable {
    /// 1 for the first line; 0 until it is written.
    package var number: Int64 = 0
    package var at: Timestamp
    /// Who: `token:admin`, `user:user_…`, `service_account:svc_…` or `command:` and the name of who ran it.
    package var actor: String
    /// From where, as far as that is known.
    package var address: String
    /// What: kind and verb, such as `team.create`.
    package var action: String
    /// The id of what it was done to.
    package var subject: String
    /// What changed: an object of field → `[before, after]`, without secrets.
    package var changes: [UInt8]
    /// Why, where somebody said.
    package var reason: String
    /// SHA-256 in hexadecimal digits; empty until it is written.
    package var digest = ""

    package init(
        at: Timestamp,
        actor: String,
        address: String = "",
        action: String,
        subject: String,
        changes: [UInt8] = Array("{}".utf8),
        reason: String = ""
    ) {
        self.at = at
        self.actor = actor
        self.address = address
        self.action = action
        self.subject = subject
        self.changes = changes
        self.reason = reason
    }

    /// The line in its place of the trail.
    ///
    /// - Parameter previous: the digest of the line before; empty for the first.
    package func numbered(_ number: Int64, after previous: String) -> AuditEntry {
        var entry = self
        entry.number = number
        entry.digest = entry.digest(after: previous)
        return entry
    }

    /// The digest that the line must have after that of the one before.
    package func digest(after previous: String) -> String {
        var sha = SHA256()
        let texts = [
            previous, String(number), String(at.microseconds), actor, address, action, subject,
            String(decoding: changes, as: UTF8.self), reason,
        ]
        // Lengths go before the texts, so that none can take a piece of its neighbour.
        for text in texts { sha.update(data: Array("\(text.utf8.count):\(text)".utf8)) }
        let digits = Array("0123456789abcdef".utf8)
        let bytes = sha.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Where the trail is read.
package protocol AuditStore: Sendable {
    /// Writes a line about something that is kept elsewhere.
    func append(_ entry: AuditEntry) async throws

    /// The lines that pass the filter, newest first.
    func entries(_ filter: AuditFilter) async throws -> [AuditEntry]

    /// The number of the first line whose digest is not what it must be; nil when all are.
    func firstBroken() async throws -> Int64?
}

/// Which lines are asked for; what is nil is not looked at.
package struct AuditFilter: Hashable, Sendable {
    package var since: Timestamp?
    package var until: Timestamp?
    package var actor: String?
    package var action: String?
    package var subject: String?
    /// Only lines with smaller numbers.
    package var before: Int64?
    package var limit = 100

    package init() {}
}
