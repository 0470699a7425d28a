package import SiraCore

/// What a model costs, over time.
package struct PriceSheet: Hashable, Sendable {
    /// The periods in the order of their first days; each is in force until the next begins.
    package let periods: [PricePeriod]

    /// Sorts the periods; one without a first day has been in force for ever.
    package init(periods: [PricePeriod]) {
        self.periods = periods.count < 2 ? periods : periods.sorted { ($0.firstDay ?? .min) < ($1.firstDay ?? .min) }
    }

    /// Whether no price is known at any time.
    package var isEmpty: Bool { periods.isEmpty }

    /// The period in force on the day (UTC) of `time`; nil before the first.
    package func period(at time: Timestamp) -> PricePeriod? {
        let day = time.day
        return periods.last { ($0.firstDay ?? .min) <= day }
    }
}

/// Prices that hold from one day on, and where they come from.
package struct PricePeriod: Hashable, Sendable {
    /// The first day in force, in days since 1970-01-01 (UTC); nil for always.
    package var firstDay: Int64?
    /// Where the prices were found.
    package var source: String
    /// When they were found there.
    package var date: CalendarDay?
    package var standard: RateCard
    /// Prices of other service tiers, where the provider has them.
    package var variants: [ServiceTier: RateCard] = [:]
    /// Hours at which other prices hold; the first that covers the time counts.
    package var windows: [PriceWindow] = []

    /// The source of an operator's own prices.
    package static let configuration = "configuration"

    package init(source: String, standard: RateCard) {
        self.source = source
        self.standard = standard
    }
}

/// How urgently a provider is to answer, where that has its own price.
package enum ServiceTier: String, Sendable, CaseIterable {
    case standard, batch, flex, priority, fast
}

/// Prices with those of long prompts.
package struct RateCard: Hashable, Sendable {
    package var base: Rates
    /// In rising order of ``PriceTier/above``.
    package var tiers: [PriceTier]

    package init(base: Rates, tiers: [PriceTier] = []) {
        self.base = base
        self.tiers = tiers.sorted { $0.above < $1.above }
    }

    /// The prices for a request with this many prompt tokens.
    ///
    /// They hold for the whole of it, not only for the tokens above the limit: so bill the providers that have such
    /// tiers.
    package func rates(input: Int) -> Rates {
        tiers.last { input > $0.above }?.rates ?? base
    }
}

/// Prices that hold for requests with more than `above` prompt tokens.
package struct PriceTier: Hashable, Sendable {
    package var above: Int
    package var rates: Rates

    package init(above: Int, rates: Rates) {
        self.above = above
        self.rates = rates
    }
}

/// Prices that hold at certain hours (UTC).
package struct PriceWindow: Hashable, Sendable {
    /// The first minute of the day, from 0.
    package var start: Int
    /// The minute after the last; when it is not after `start`, the window goes on past midnight.
    package var end: Int
    /// The weekdays on which the window begins, 1 for Monday to 7 for Sunday (ISO 8601); empty for every day.
    package var days: Set<Int>
    package var card: RateCard

    package init(start: Int, end: Int, days: Set<Int>, card: RateCard) {
        self.start = start
        self.end = end
        self.days = days
        self.card = card
    }

    /// Whether the window is open at `time`.
    package func covers(_ time: Timestamp) -> Bool {
        let minute = Int((time.microseconds - time.day * 86_400_000_000) / 60_000_000)
        if start < end { return (start..<end).contains(minute) && begins(on: time.day) }
        return minute >= start ? begins(on: time.day) : minute < end && begins(on: time.day - 1)
    }

    private func begins(on day: Int64) -> Bool {
        // 1970-01-01 was a Thursday.
        days.isEmpty || days.contains(Int(((day + 3) % 7 + 7) % 7) + 1)
    }
}

/// Prices per unit, in nano-dollars per million units.
///
/// Nil is not known, which is not 0.
package struct Rates: Hashable, Sendable {
    package var input: Int64?
    package var output: Int64?
    package var cacheRead: Int64?
    package var cacheWrite: Int64?
    /// For cache entries that live one hour.
    package var cacheWriteLong: Int64?
    package var reasoning: Int64?
    package var inputAudio: Int64?
    package var outputAudio: Int64?
    package var cachedAudio: Int64?
    package var inputImage: Int64?
    package var outputImage: Int64?
    package var cachedImage: Int64?
    package var perImage: Int64?
    package var perRequest: Int64?
    package var perSearch: Int64?
    /// For characters of text that are spoken.
    package var perCharacter: Int64?
    /// For hours of audio, listened to or spoken.
    package var perAudioHour: Int64?
    /// Whether the model is also billed in a unit that no `Usage` counts: video in the answer, pages, cited tokens.
    ///
    /// What such a request costs cannot be told from its tokens.
    package var billsOtherUnits = false

    package init() {}

    package init(input: Int64?, output: Int64?) {
        self.input = input
        self.output = output
    }

    /// Whether no price is known.
    package var isEmpty: Bool { self == Rates() }
}
