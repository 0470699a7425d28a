/// What a provider's answer said about its limits.
package struct RateLimitFacts: Hashable, Sendable {
    /// One limit: of requests or of tokens.
    package struct Allowance: Hashable, Sendable {
        /// How many there are when none has been used.
        package var limit: Int?
        /// How many are left.
        package var remaining: Int?
        /// When there will be ``limit`` again, as ``GatewayClock/uptime`` counts.
        package var resetsAt: UInt64?

        package init(limit: Int? = nil, remaining: Int? = nil, resetsAt: UInt64? = nil) {
            self.limit = limit
            self.remaining = remaining
            self.resetsAt = resetsAt
        }
    }

    package var requests: Allowance?
    /// Tokens of prompt and answer together.
    package var tokens: Allowance?
    package var inputTokens: Allowance?
    package var outputTokens: Allowance?
    /// Before this nothing should be sent, as ``GatewayClock/uptime`` counts.
    package var retryAt: UInt64?

    package init() {}

    /// Whether nothing was said.
    package var isEmpty: Bool { self == RateLimitFacts() }
}
