import SiraCore
import SiraLimits
import SiraTenancy

/// Where the keys that a lane was shown stand, and what their requests are counted by.
///
/// Confined to the lane. Made anew when keys, tenants or rules change.
struct KeyAccounts {
    /// Of one key, or of requests without.
    struct Account {
        let standing: Standing
        let meters: MeterSet
    }

    private var byKey: [String: Account] = [:]
    private var generation: UInt64 = 0

    /// More keys than a lane sees between two changes of rules, mostly.
    private static let limit = 10_000

    /// The account of a key; nil is that of requests without.
    mutating func account(
        of key: APIKey?,
        in book: TenantBook,
        _ board: LimitBoard,
        uptime: UInt64,
        now: Timestamp
    ) -> Account {
        let current = board.generation
        if current != generation {
            byKey.removeAll(keepingCapacity: true)
            generation = current
        }
        if let known = byKey[key?.id ?? ""] { return known }
        let standing = book.standing(of: key)
        let account = Account(
            standing: standing,
            meters: board.meters(for: standing.scopes, uptime: uptime, now: now)
        )
        if byKey.count >= Self.limit { byKey.removeAll(keepingCapacity: true) }
        // One that lacks a counter for want of room is to look again.
        if !account.meters.isCrowded { byKey[key?.id ?? ""] = account }
        return account
    }

    /// Forgets all, because keys or tenants are others.
    mutating func forget() { byKey.removeAll(keepingCapacity: true) }
}
