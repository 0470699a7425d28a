import SiraBilling
import SiraCore
import SiraStorage
import SiraTesting

/// Books in memory, and short words for what tests write often.
enum Sample {
    /// 2026-11-21, 04:26:40 UTC.
    static let now = Timestamp(microseconds: 1_795_235_200_000_000)
    static let day = CalendarDay(daysSinceEpoch: now.day)
    static let organization = "org_a"

    static func books() -> Books { Books(MemoryTransferStore()) }

    /// Puts credit that was paid in advance into the books.
    static func topUp(
        _ books: Books,
        _ nanos: Int64,
        organization: String = organization,
        key: String = "t"
    ) async throws {
        try await books.post(transfer(key, [(.credit(organization), nanos), (.stripeCash, -nanos)]))
    }

    static func transfer(_ key: String, _ sides: [(Account, Int64)], kind: Transfer.Kind = .topUp) -> Transfer {
        Transfer(
            key: key,
            at: now,
            kind: kind,
            reference: "r",
            postings: sides.map { Posting(account: $0.0.description, amount: NanoUSD(nanos: $0.1)) }
        )
    }
}

/// Dollars of decimal text.
func usd(_ text: String) -> NanoUSD { NanoUSD(decimal: text) ?? NanoUSD(nanos: .min) }
