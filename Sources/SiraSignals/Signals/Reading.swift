/// What one signal says to a request: for which tiers, against which, how strongly, and why.
package struct Reading: Hashable, Sendable {
    /// How strongly it speaks for each tier, or against it where negative; 1 is a hint, 3 a strong case, 100 settles it.
    package var votes: [Vote]
    /// The reason in words, such as `412 tokens`.
    package var words: String

    /// A voice for a tier, or against it.
    package struct Vote: Hashable, Sendable {
        package var tier: Tier
        package var weight: Double

        package init(_ tier: Tier, _ weight: Double) {
            self.tier = tier
            self.weight = weight
        }
    }

    package init(_ votes: [Vote], _ words: String) {
        self.votes = votes
        self.words = words
    }

    /// Nothing that would count.
    package static let silent = Reading([], "")

    /// How strongly it speaks for a tier.
    package func weight(for tier: Tier) -> Double {
        votes.reduce(0) { $1.tier == tier ? $0 + $1.weight : $0 }
    }
}
