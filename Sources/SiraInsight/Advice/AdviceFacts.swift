package import SiraCatalog
package import SiraCore
package import SiraPricing

/// What rules of advice look at: sums over a span of the books, made by the caller.
///
/// What the books of an installation do not have stays empty; the rules that need it then say nothing.
package struct AdviceFacts: Sendable {
    package var catalog: Catalog
    package var prices: PriceBook
    package var now: Timestamp
    /// The span that the rows are sums over, in days; savings are brought to thirty.
    package var days: Double
    /// What is not worth a change, in thirty days.
    package var leastSaving = NanoUSD(nanos: NanoUSD.perDollar)
    /// Models that requests may go to: those that the configuration has a provider for.
    package var available: [ModelReference] = []
    package var tasks: [TaskRow] = []
    package var repeats: [RepeatRow] = []
    package var deferrable: [DeferrableRow] = []
    package var prefixes: [PrefixRow] = []
    package var prompts: [PromptRow] = []
    package var tools: [ToolRow] = []
    package var keys: [KeyRow] = []

    package init(catalog: Catalog, now: Timestamp, days: Double) {
        self.catalog = catalog
        prices = PriceBook(catalog)
        self.now = now
        self.days = days
    }

    /// Savings of the span, brought to thirty days; those below 0 are 0.
    func saving(low: NanoUSD, expected: NanoUSD, high: NanoUSD) -> Advice.Saving {
        let factor = 30 / max(days, 1.0 / 24)
        func monthly(_ amount: NanoUSD) -> NanoUSD { max(.zero, amount.scaled(by: factor)) }
        return Advice.Saving(low: monthly(low), expected: monthly(expected), high: monthly(high))
    }
}
