package import SiraCore
import SiraJSON
package import SiraPricing

/// What past usage would have cost with other models or at other prices.
///
/// The tokens are taken to be the same. They would not be quite: models count text by their own tokenizers (up to a
/// quarter apart) and answer at different lengths. Steps of prices for long prompts depend on each prompt: with single requests
/// they are exact, with sums that of the mean prompt counts for all (``isApproximate``).
package struct Replay: Sendable {
    /// The rows of one model.
    package struct Line: Hashable, Sendable {
        package var model: ModelReference
        /// The model or the route (`route:…`) in its place, or the model itself.
        package var target: String
        package var requests: Int64 = 0
        /// Of the requests whose old and new cost are both known.
        package var oldCost = NanoUSD.zero
        package var newCost = NanoUSD.zero
        /// Requests whose old cost is not known.
        package var withoutOldCost: Int64 = 0
        /// Requests whose new cost is not known, and that are in neither sum.
        package var withoutNewCost: Int64 = 0

        /// What would have been spent less; below 0 where it is more.
        package var savings: NanoUSD { oldCost - newCost }
    }

    /// By model, the dearest first.
    package let lines: [Line]
    /// Whether some rows were sums, so that steps of prices are those of mean prompts, or were shared out over a route.
    package let isApproximate: Bool

    package init(_ rows: some Sequence<UsageRow>, _ substitution: Substitution, prices: PriceBook) {
        var lines: [ModelReference: Line] = [:]
        var resolved: [ModelReference: Replacement] = [:]
        var isApproximate = false
        for row in rows {
            let target = resolved[row.model] ?? substitution.resolve(row.model, in: prices)
            resolved[row.model] = target
            if row.requests > 1 || target.parts.count > 1 { isApproximate = true }
            lines[row.model, default: Line(model: row.model, target: target.name)]
                .add(row, target.cost(of: row))
        }
        self.isApproximate = isApproximate
        self.lines = lines.values.sorted {
            ($1.oldCost, $0.model.description) < ($0.oldCost, $1.model.description)
        }
    }

    /// What was paid for the requests whose costs are known on both sides.
    package var oldCost: NanoUSD { lines.reduce(.zero) { $0 + $1.oldCost } }
    /// What they would have cost.
    package var newCost: NanoUSD { lines.reduce(.zero) { $0 + $1.newCost } }
    /// What would have been spent less; below 0 where it is more.
    package var savings: NanoUSD { oldCost - newCost }
    /// The models some of whose requests are in neither sum, for want of a price or of usage.
    package var unknown: [ModelReference] {
        lines.filter { $0.withoutOldCost > 0 || $0.withoutNewCost > 0 }.map(\.model)
    }
}

extension Replay.Line {
    fileprivate mutating func add(_ row: UsageRow, _ cost: NanoUSD?) {
        let count = max(0, row.requests)
        requests = requests.addingClamped(count)
        guard let old = row.cost else { return withoutOldCost = withoutOldCost.addingClamped(count) }
        guard let new = cost else { return withoutNewCost = withoutNewCost.addingClamped(count) }
        // Of a sum some requests of which have no cost, as large a share is left out on both sides.
        let unpriced = min(count, max(0, row.unpriced))
        withoutOldCost = withoutOldCost.addingClamped(unpriced)
        oldCost += old
        newCost += unpriced > 0 ? new.scaled(by: Double(count - unpriced) / Double(count)) : new
    }
}

extension Int64 {
    /// The sum, or the limit that it would go beyond.
    func addingClamped(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (self < 0 ? .min : .max) : sum
    }
}
