package import SiraCore

/// What both sides say of one day, model and key.
package struct ReconciliationGroup: Hashable, Sendable {
    /// How the two sides compare.
    package enum Verdict: String, Hashable, Sendable, CaseIterable {
        /// They say the same, as far as both tell.
        case same
        case different
        /// The provider knows nothing of it.
        case onlyOurs = "only_ours"
        /// We know nothing of it.
        case onlyTheirs = "only_theirs"
    }

    package let day: CalendarDay
    /// As ``Reconciliation/normalized(_:)`` gives it; nil for all models of the day together.
    package let model: String?
    /// The provider's id; nil where keys are not told apart.
    package let key: String?
    package let ours: ReconciledFigures
    package let theirs: ReconciledFigures
    package let verdict: Verdict
    /// The likeliest first.
    package internal(set) var causes: [DriftCause] = []

    /// By how much they charge more than we reckon; nil where one side tells no cost.
    package var costDrift: NanoUSD? {
        if let theirs = theirs.cost { return theirs.clampedDifference(ours.cost ?? .zero) }
        return verdict == .onlyOurs ? NanoUSD.zero.clampedDifference(ours.cost ?? .zero) : nil
    }

    /// The same as a share of what we reckon; nil where that is nothing.
    package var costDriftShare: Double? {
        guard let drift = costDrift, let own = ours.cost, own.nanos != 0 else { return nil }
        return Double(drift.nanos) / Double(own.nanos)
    }

    /// How many more requests they count; nil where one side tells none.
    package var requestDrift: Int64? { Self.drift(ours.requests, theirs.requests) }
    /// How many more tokens they count; nil where one side tells none.
    package var tokenDrift: Int64? { Self.drift(ours.tokens, theirs.tokens) }

    private static func drift(_ ours: Int64?, _ theirs: Int64?) -> Int64? {
        guard let ours, let theirs else { return nil }
        return theirs.clampedDifference(ours)
    }
}

/// A likely cause of a difference, with its numbers.
package struct DriftCause: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Requests with a provider's key that the gateway does not use, or did not make.
        case bypass
        /// The same requests on the day before or after.
        case dayBoundary = "day_boundary"
        /// Not in the export yet.
        case latePosting = "late_posting"
        /// Tries that failed, which providers do not count.
        case failedAttempts = "failed_attempts"
        /// Requests whose usage the gateway does not know.
        case unknownUsage = "unknown_usage"
        /// Requests whose price the gateway does not know.
        case unpriced
        /// Another price level than the usual one.
        case serviceTier = "service_tier"
        /// Cached tokens counted or priced in another way.
        case cachedTokens = "cached_tokens"
        /// Another price for the same tokens.
        case priceTable = "price_table"
        /// Something on the bill that is no model's tokens.
        case otherItem = "other_item"
        /// Amounts rounded line by line.
        case rounding
        /// None of these.
        case unexplained
    }

    package let kind: Kind
    /// How many requests it is about, where that can be told.
    package var requests: Int64?
    /// How many tokens it is about, where that can be told.
    package var tokens: Int64?
    /// How much of the difference in costs it explains, where that can be told.
    package var amount: NanoUSD?
    /// In a sentence, with the numbers.
    package let text: String

    init(_ kind: Kind, requests: Int64? = nil, tokens: Int64? = nil, amount: NanoUSD? = nil, _ text: String) {
        self.kind = kind
        self.requests = requests
        self.tokens = tokens
        self.amount = amount
        self.text = text
    }
}
