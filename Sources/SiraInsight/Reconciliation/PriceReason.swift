import SiraCatalog
import SiraCore

/// Finds out why the same tokens cost something else.
struct PriceReason {
    let rules: Reconciliation
    let group: ReconciliationGroup

    /// Nil where the tokens differ as well, or the costs do not.
    func cause() -> DriftCause? {
        guard let theirs = group.theirs.cost, let ours = group.ours.cost, !rules.isSame(theirs, ours) else {
            return nil
        }
        guard group.ours.unpriced == 0, group.ours.unknownUsage == 0, ours.nanos > 0, isSameUsage else { return nil }
        let drift = theirs.clampedDifference(ours)
        if let tier = tier(for: theirs) {
            let text = "\(ReconciliationText.money(theirs)) is what the same tokens cost at the price level \"\(tier)\""
            return DriftCause(.serviceTier, amount: drift, text)
        }
        if let cached = group.ours.cacheRead, cached > 0, let full = cost(.standard, cached: 0), isClose(full, theirs) {
            let text =
                "\(ReconciliationText.money(theirs)) is what the tokens cost without the discount for \(cached) cached"
            return DriftCause(.cachedTokens, tokens: cached, amount: drift, text)
        }
        let ratio = Double(theirs.nanos) / Double(ours.nanos)
        var text =
            "for the same tokens they charge \(ReconciliationText.decimal(ratio * 100, digits: 1)) % of our price"
        if let tokens = group.ours.tokens, tokens > 0 {
            text += " (\(perMillion(theirs, tokens)) instead of \(perMillion(ours, tokens)) per million tokens)"
        }
        let round = (ratio * 20).rounded() / 20
        if ratio < 1, abs(ratio - round) < 0.002 {
            text += "; this looks like a discount of \(ReconciliationText.decimal((1 - round) * 100, digits: 0)) %"
        }
        if !group.theirs.tiers.isEmpty {
            text += "; some was used at the price level \(group.theirs.tiers.sorted().joined(separator: ", "))"
        }
        return DriftCause(.priceTable, amount: drift, text)
    }

    /// Whether all that is told of the usage is the same; a bill without usage is taken at its word.
    private var isSameUsage: Bool {
        func isSame(_ left: Int64?, _ right: Int64?) -> Bool {
            guard let left, let right else { return true }
            return rules.isSame(left, right)
        }
        return isSame(group.ours.requests, group.theirs.requests) && isSame(group.ours.input, group.theirs.input)
            && isSame(group.ours.output, group.theirs.output) && isSame(group.ours.cacheRead, group.theirs.cacheRead)
    }

    private func tier(for amount: NanoUSD) -> String? {
        ServiceTier.allCases.first { tier in
            tier != .standard && cost(tier, cached: nil).map { isClose($0, amount) } ?? false
        }?.rawValue
    }

    private func isClose(_ left: NanoUSD, _ right: NanoUSD) -> Bool {
        abs(Double(left.nanos) - Double(right.nanos)) <= 0.01 * abs(Double(right.nanos))
    }

    /// What our tokens cost at a price level by the catalogue, reckoned over the sums; nil where a price is missing.
    ///
    /// - Parameter cached: how many of them count as read from the cache, if not those that were.
    private func cost(_ tier: ServiceTier, cached: Int64?) -> NanoUSD? {
        let ours = group.ours
        guard let name = group.model, let input = ours.input, let output = ours.output,
            let sheet = rules.catalog.model(provider: rules.provider, name: name)?.prices,
            let period = sheet.period(at: group.day.start),
            let card = tier == .standard ? period.standard : period.variants[tier],
            let inputPrice = card.base.input, let outputPrice = card.base.output
        else { return nil }
        // Counts beyond this are nobody's, and products with prices stay in range below it.
        func bounded(_ count: Int64) -> Int64 { min(max(0, count), 1 << 50) }
        let read = bounded(cached ?? ours.cacheRead ?? 0)
        let written = bounded(ours.cacheWrite ?? 0)
        guard read == 0 || card.base.cacheRead != nil else { return nil }
        let plain = max(0, bounded(input) - read - written)
        var sum = Int128(plain) * Int128(inputPrice) + Int128(bounded(output)) * Int128(outputPrice)
        sum += Int128(read) * Int128(card.base.cacheRead ?? 0)
        sum += Int128(written) * Int128(card.base.cacheWrite ?? inputPrice)
        return NanoUSD(nanos: Int64(clamping: sum / 1_000_000))
    }

    private func perMillion(_ amount: NanoUSD, _ tokens: Int64) -> String {
        let value = Double(amount.nanos) / Double(NanoUSD.perDollar) * 1_000_000 / Double(tokens)
        return "$\(ReconciliationText.decimal(value, digits: 4))"
    }
}
