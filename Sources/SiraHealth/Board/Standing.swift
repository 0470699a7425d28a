/// How a deployment stands at a moment: all that choosing one needs to know.
package struct Standing: Sendable {
    /// Where its breaker stands.
    package enum State: Hashable, Sendable {
        case closed
        case open(until: UInt64)
        /// So many more may try it.
        case halfOpen(places: Int)

        /// The case as one word, for machines.
        package var label: String {
            switch self {
            case .closed: "closed"
            case .open: "open"
            case .halfOpen: "half_open"
            }
        }
    }

    package var state: State
    /// Why the state is not closed.
    package var illness: IllReason?
    /// Why somebody has taken it out of use; nil where nobody has.
    package var drainReason: String?
    /// Whether a small request may begin now.
    package var availability: Availability
    /// Attempts that have begun and not ended.
    package var inFlight: Int
    /// The median time to the first token in microseconds; nil where nothing is known.
    package var firstTokenP50: UInt64?
    /// The time to the first token that one in twenty exceeds, in microseconds.
    package var firstTokenP95: UInt64?
    /// Peak EWMA times requests in flight and this one: see ``PeakEWMA``; nil where nothing is known.
    package var cost: Double?
    /// The share of failures among ``attempts``, 0 to 1.
    package var errorRate: Double
    /// Attempts in the window that ended well or failed.
    package var attempts: Int
    /// Tokens of answers for each second after the first token.
    package var tokensPerSecond: Double?
    /// Tokens of an answer.
    package var meanOutputTokens: Double?
    /// The share of prompts that the provider read from its cache, 0 to 1.
    package var cacheShare: Double?
    /// Nano-dollars for an attempt.
    package var meanCost: Double?
    /// Requests left of the limits of all keys that are ready; nil unless all of them are known.
    package var remainingRequests: Int?
    /// Tokens left, likewise.
    package var remainingTokens: Int?

    /// Whether somebody has taken it out of use.
    package var isDrained: Bool { drainReason != nil }

    /// Whether the provider has said that asking is useless.
    package var isDisabled: Bool {
        if case .disabled = illness { true } else { false }
    }

    /// Why no attempt may begin, or why few may, in words; nil where there is nothing to say.
    package var reason: String? {
        if let drainReason { return drainReason.isEmpty ? Availability.drained.words : "drained: \(drainReason)" }
        if let illness { return illness.description }
        return availability.isAvailable ? nil : availability.words
    }
}
