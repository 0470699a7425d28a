import SiraCore
import SiraLimits
import SiraStorage

/// What the lines of a request come to, as they are written.
struct UsedSoFar {
    private(set) var tokens: Int64 = 0
    private(set) var charge = NanoUSD.zero
    /// Whether something was used of which nobody knows how much.
    private(set) var isUnknown = false
    /// Whether the request's last line has been written.
    var isOver = false

    var claim: Claim { Claim(tokens: tokens, charge: charge) }

    mutating func add(_ record: UsageRecord) {
        tokens += Int64(clamping: record.usage.total)
        charge += record.charge ?? .zero
        if record.attempt > 0, record.charge == nil { isUnknown = true }
    }
}
