/// Whether an attempt may begin at a deployment now, and if not, why.
package enum Availability: Hashable, Sendable {
    case available
    /// Somebody has taken it out of use.
    case drained
    /// It failed, and is left alone until then.
    case open(until: UInt64)
    /// It is being tried, by as many as may try it.
    case tried
    /// All of its keys were turned away because of limits; the first is free again then.
    case cooling(until: UInt64)
    /// What is left of the limits of all its keys is not enough; it will be then.
    case spent(until: UInt64)
    /// All of its keys are refused by the provider; the first is tried again then.
    case refused(until: UInt64)

    /// Whether an attempt may begin.
    package var isAvailable: Bool { self == .available }

    /// From when on an attempt may begin; nil where that is now, or where it does not depend on time.
    package var until: UInt64? {
        switch self {
        case .available, .drained, .tried: nil
        case .open(let until), .cooling(let until), .spent(let until), .refused(let until): until
        }
    }

    /// The case as one word, for machines.
    package var label: String {
        switch self {
        case .available: "available"
        case .drained: "drained"
        case .open: "open"
        case .tried: "tried"
        case .cooling: "cooling"
        case .spent: "spent"
        case .refused: "refused"
        }
    }

    /// Why not, in words.
    package var words: String {
        switch self {
        case .available: "available"
        case .drained: "taken out of use"
        case .open: "left alone after failures"
        case .tried: "being tried after failures"
        case .cooling: "rate limited"
        case .spent: "rate limit nearly used up"
        case .refused: "credentials refused by the provider"
        }
    }
}
