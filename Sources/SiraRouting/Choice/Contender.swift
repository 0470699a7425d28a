package import SiraCore
package import SiraHealth

/// A deployment among those of which one is chosen, with what is known of it at that moment.
///
/// Values only: a strategy's choice follows from them and from chance, and from nothing else.
package struct Contender: Sendable {
    /// Access and model, such as `openai/gpt-4o`.
    package let id: String
    /// Its part among the sum of all weights; 0 leaves it for the end.
    package var weight = 1.0
    package var availability = Availability.available
    /// Attempts that have begun and not ended.
    package var inFlight = 0
    /// Peak-EWMA of the time to the first token times what is in flight, in microseconds; nil before the first answer.
    package var load: Double?
    /// The median time to the first token, in microseconds; nil where too little is known.
    package var firstTokenP50: Double?
    /// Its 95th percentile, in microseconds.
    package var firstTokenP95: Double?
    /// How fast answers come once they have begun; nil where too little is known.
    package var tokensPerSecond: Double?
    /// The share of attempts that failed of late, 0 to 1.
    package var errorRate = 0.0
    /// What a request like this one would cost; nil where a price is not known.
    package var cost: NanoUSD?
    /// What the provider's cache of prompts would save; nil where it would not, or where that is not known.
    package var cache: CacheForecast?
    /// How good the model's answers are, 0 to 1; nil where that is not known.
    package var quality: Double?

    package init(id: String) {
        self.id = id
    }
}

/// What a prompt costs where the provider keeps its beginning.
package struct CacheForecast: Hashable, Sendable {
    /// Without any cache.
    package let cold: NanoUSD
    /// The first time, when the prompt is written to the cache.
    package let first: NanoUSD
    /// Each time that it is found there.
    package let warm: NanoUSD

    package init(cold: NanoUSD, first: NanoUSD, warm: NanoUSD) {
        (self.cold, self.first, self.warm) = (cold, first, warm)
    }
}
