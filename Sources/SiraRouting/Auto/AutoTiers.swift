package import SiraSignals

/// Which models belong to which tier.
///
/// A model's price is the mean of its prices for input and output, where input counts three times: the usual mix of
/// tokens. By its tier's band it belongs there when
///
/// - its quality is known, is not below the band's ``Band/leastQuality``, and its price is not above
///   ``Band/highestPrice``; or
/// - its quality is not known, and its price lies in ``Band/prices``: dear models are better as a rule, and the very
///   cheapest are too small to be trusted with anything. A price that the operator has set counts from 0 on, for they
///   know what they run; one of nothing by the catalogue is a trial offer, and belongs nowhere.
///
/// A model may belong to several tiers. The tier for long prompts asks besides for ``Band/leastContext`` tokens.
///
/// Within a tier the cheapest for the request at hand is taken, so that a band's lower limit matters more than the
/// upper one. When nothing in a tier will do, its ``Band/neighbours`` are looked at, in their order.
package struct AutoTiers: Sendable {
    package struct Band: Sendable {
        package let tier: Tier
        package let leastQuality: Double
        /// In nano-dollars for a million tokens, as all prices here; nil for any.
        package let highestPrice: Int64?
        package let prices: Range<Int64>
        package var leastContext = 0
        package let neighbours: [Tier]
    }

    package let bands: [Band]
    /// Words in the names of models that are not for everyday conversation, though the catalogue lists them with those
    /// that are: for other purposes, on trial, or answered whenever the provider has time.
    package let unsuitable: Set<String>

    private static let dollar: Int64 = 1_000_000_000

    /// The table that is used.
    package static let standard = AutoTiers(
        bands: [
            Band(
                tier: .economy,
                leastQuality: 0,
                highestPrice: dollar * 3 / 4,
                prices: dollar / 10..<dollar * 3 / 4,
                neighbours: [.balanced, .quality]
            ),
            Band(
                tier: .balanced,
                leastQuality: 0.6,
                highestPrice: dollar * 3,
                prices: dollar * 3 / 4..<dollar * 3,
                neighbours: [.quality, .economy]
            ),
            Band(
                tier: .quality,
                leastQuality: 0.8,
                highestPrice: nil,
                prices: dollar * 3..<Int64.max,
                neighbours: [.balanced, .economy]
            ),
            Band(
                tier: .long,
                leastQuality: 0.6,
                highestPrice: nil,
                prices: dollar / 10..<Int64.max,
                leastContext: 200_000,
                neighbours: [.quality, .balanced, .economy]
            ),
        ],
        unsuitable: [
            "guard", "ft", "safeguard", "moderation", "search", "research", "audio", "realtime", "live", "voice", "tts",
            "image",
            "embed", "embedding", "ocr", "base", "computer", "translate", "batch", "flex", "free", "preview", "exp",
            "experimental",
        ]
    )

    package func band(_ tier: Tier) -> Band? { bands.first { $0.tier == tier } }
}
