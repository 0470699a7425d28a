/// Which tier of models a request goes to, and why.
///
/// The votes of all signals are added up; the tier with the most has it. Balanced begins with a little, so that it is
/// chosen where nothing is said, and where two are level the cheaper one wins.
package struct TierChoice: Hashable, Sendable {
    package var tier: Tier
    /// What spoke for the tier, the strongest first; then what spoke against it, which begins with `but`.
    package var reasons: [String]
    /// All that signals said, by the signal's name; silent ones are left out.
    package var readings: [NamedReading]
    /// The sum of votes for each tier, in the order of ``Tier/allCases``.
    package var scores: [Double]

    /// A reading and whose it is.
    package struct NamedReading: Hashable, Sendable {
        package var signal: String
        package var reading: Reading
    }

    /// What balanced has before anything is said.
    static let start = 0.5

    package init(for facts: RequestFacts, by signals: [any Signal] = Signals.all) {
        let readings = signals.compactMap { signal -> NamedReading? in
            let reading = signal.read(facts)
            return reading.votes.isEmpty ? nil : NamedReading(signal: signal.name, reading: reading)
        }
        let scores = Tier.allCases.map { tier in
            readings.reduce(tier == .balanced ? Self.start : 0) { $0 + $1.reading.weight(for: tier) }
        }
        var (chosen, most) = (Tier.economy, -Double.infinity)
        // A tier for very long prompts is no better otherwise, so it must be asked for.
        for (tier, score) in zip(Tier.allCases, scores) where score > most && (tier != .long || score > 0) {
            (chosen, most) = (tier, score)
        }
        tier = chosen
        self.readings = readings
        self.scores = scores
        reasons = Self.reasons(readings, for: chosen)
    }

    private static func reasons(_ readings: [NamedReading], for tier: Tier) -> [String] {
        let weighed = readings.enumerated().map {
            (place: $0, words: $1.reading.words, weight: $1.reading.weight(for: tier))
        }
        // The place keeps the order of signals where weights are level.
        let inFavour = weighed.filter { $0.weight > 0 }.sorted { ($1.weight, $0.place) < ($0.weight, $1.place) }
        let against = weighed.filter { $0.weight < 0 }.sorted { ($0.weight, $0.place) < ($1.weight, $1.place) }
        let reasons = inFavour.map(\.words) + against.map { "but " + $0.words }
        return reasons.isEmpty ? ["nothing speaks for another tier"] : reasons
    }
}
