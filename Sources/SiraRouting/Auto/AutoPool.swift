internal import SiraCatalog
internal import SiraSignals

/// The deployments among which `auto` chooses, sorted into tiers beforehand.
struct AutoPool: Sendable {
    /// For each tier the cheapest first.
    private var tiers: [Tier: [Entry]]
    /// All that belong to any tier or have a quality, the cheapest first.
    let all: [Entry]
    /// Those whose quality is known, the best first.
    let byQuality: [Entry]
    private let table: AutoTiers

    struct Entry: Sendable {
        let candidate: Candidate
        /// Nano-dollars for a million tokens, of which three quarters are input.
        let price: Int64
        /// Whether the operator has set the price.
        let isStated: Bool
    }

    /// - Parameter deployments: those that are configured and hold conversations.
    init(_ deployments: [Deployment], _ table: AutoTiers = .standard) {
        let entries = deployments.compactMap { Self.entry($0, table) }.sorted {
            ($0.price, $0.candidate.deployment.id) < ($1.price, $1.candidate.deployment.id)
        }
        var tiers: [Tier: [Entry]] = [:]
        for band in table.bands { tiers[band.tier] = entries.filter { band.holds($0) } }
        self.tiers = tiers
        self.table = table
        byQuality = entries.filter { $0.candidate.deployment.quality != nil }.enumerated()
            .map { (quality: $0.element.candidate.deployment.quality ?? 0, place: $0.offset, entry: $0.element) }
            .sorted { ($1.quality, $0.place) < ($0.quality, $1.place) }
            .map(\.entry)
        all = entries.filter { entry in
            entry.candidate.deployment.quality != nil || table.bands.contains { $0.holds(entry) }
        }
    }

    /// The same with the operator's own lists in place of some tiers, in their order.
    func with(_ lists: [Tier: [Candidate]]) -> AutoPool {
        var pool = self
        for (tier, candidates) in lists where !candidates.isEmpty {
            pool.tiers[tier] = candidates.map { candidate in
                Self.entry(candidate.deployment, table) ?? Entry(candidate: candidate, price: .max, isStated: false)
            }
        }
        return pool
    }

    /// The tier's deployments, then its neighbours' one after another.
    func entries(of tier: Tier) -> [(tier: Tier, entries: [Entry])] {
        ([tier] + (table.band(tier)?.neighbours ?? [])).map { ($0, tiers[$0] ?? []) }
    }

    private static func entry(_ deployment: Deployment, _ table: AutoTiers) -> Entry? {
        guard let model = deployment.model, model.kind == .chat, let period = model.prices.periods.last,
            let input = period.standard.base.input, let output = period.standard.base.output,
            isSuitable(model.id, table)
        else { return nil }
        let isStated = period.source == PricePeriod.configuration
        guard isStated || input > 0 || output > 0 else { return nil }
        let price = Int64(clamping: (Int128(input) * 3 + Int128(output)) / 4)
        return Entry(candidate: Candidate(deployment, .auto), price: price, isStated: isStated)
    }

    private static func isSuitable(_ name: String, _ table: AutoTiers) -> Bool {
        name.lowercased().split { !$0.isLetter && !$0.isNumber }.allSatisfy { !table.unsuitable.contains(String($0)) }
    }
}

extension AutoTiers.Band {
    fileprivate func holds(_ entry: AutoPool.Entry) -> Bool {
        guard let model = entry.candidate.deployment.model else { return false }
        if leastContext > 0, (model.context ?? 0) < leastContext { return false }
        guard let quality = model.quality else {
            if entry.isStated, leastContext == 0, tier == .economy { return entry.price < prices.upperBound }
            return prices.contains(entry.price) || (entry.isStated && leastContext > 0)
        }
        return quality >= leastQuality && entry.price <= highestPrice ?? .max
    }
}
