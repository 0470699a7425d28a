package import SiraCore

/// What a request is expected to take, before anybody knows what it takes.
package struct Claim: Hashable, Sendable {
    /// Tokens of prompt and answer together.
    package var tokens: Int64
    /// What the tenant will be charged; nil where no price is known.
    package var charge: NanoUSD?

    package init(tokens: Int64, charge: NanoUSD?) {
        self.tokens = tokens
        self.charge = charge
    }
}
