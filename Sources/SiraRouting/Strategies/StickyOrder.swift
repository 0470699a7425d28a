internal import SiraCore

/// What belongs together goes to the same deployment.
///
/// By rendezvous hashing: each contender has a number that follows from its id and the key, and the order is that of
/// the numbers. When one drops out only what it had moves, and it is shared out among all others; weights are respected.
/// D. G. Thaler and C. V. Ravishankar, "Using name-based mappings to increase hit rates", IEEE/ACM Transactions on
/// Networking 6 (1998); weights as in J. Resch, "New hashing algorithms for data storage" (2015).
///
/// A **session** stays whatever it costs, since who asks for that has reasons of their own. Where a request has none,
/// the order is one of chance by weights.
///
/// A **prompt's beginning** stays for the sake of the provider's cache, and only where that pays. With
///
/// - `R`, the further requests to expect with this beginning (``expectedReuse``),
/// - `first`, `warm`: what a request costs when the prompt is written to the cache, and when it is read from there,
/// - `cheapest`: what the cheapest contender asks without any cache,
///
/// staying at a contender pays when `first + R × warm ≤ (1 + R) × cheapest`: the savings of the reads are to exceed
/// what it costs more than the cheapest, the writing included. Those for which it pays are ordered by their numbers, the
/// others come after them, the cheapest first and of equals the least loaded. It never pays where the prompt is shorter
/// than what providers keep, or where the price of cached tokens is not known (``CostForecast``).
package struct StickyOrder: Strategy {
    private let by: StrategySpec.StickyBy

    /// How many further requests with the same beginning are expected.
    ///
    /// Turns of a conversation have it in common, and the median conversation has few of them.
    package static let expectedReuse: Int64 = 3

    package init(by: StrategySpec.StickyBy) {
        self.by = by
    }

    package var name: String { "sticky" }
    package var needs: StrategyNeeds { by == .session ? .session : .prefix }

    package func order(
        _ contenders: [Contender],
        _ circumstances: Circumstances,
        using random: inout some RandomNumberGenerator
    ) -> [Ranked] {
        guard let affinity = circumstances.affinity else {
            return by == .session
                ? WeightedOrder().order(contenders, circumstances, using: &random) : cheapest(contenders)
        }
        let keys = contenders.map { Self.key(affinity, $0) }
        guard by == .prefix else { return .sorted(Array(contenders.indices), by: { keys[$0] }, { _ in .session }) }
        let bound = contenders.compactMap { $0.cache?.cold ?? $0.cost }.min()
        let (kept, others) = contenders.indices.reduce(into: ([Int](), [Int]())) { parts, index in
            if let bound, Self.pays(contenders[index].cache, against: bound) {
                parts.0.append(index)
            } else {
                parts.1.append(index)
            }
        }
        return .sorted(kept, by: { keys[$0] }, { _ in .kept }) + cheapest(contenders, others)
    }

    /// Whether staying at a contender pays, as the type's documentation says.
    static func pays(_ cache: CacheForecast?, against cheapest: NanoUSD) -> Bool {
        guard let cache else { return false }
        let reuse = Int128(expectedReuse)
        let staying = Int128(cache.first.nanos) + reuse * Int128(cache.warm.nanos)
        return staying <= (1 + reuse) * Int128(cheapest.nanos)
    }

    private func cheapest(_ contenders: [Contender], _ indexes: [Int]? = nil) -> [Ranked] {
        let byLoad: [Ranked] = .sorted(
            indexes ?? Array(contenders.indices),
            by: { contenders[$0].load ?? 0 },
            { _ in .unmeasured }
        )
        return .sorted(
            byLoad.map(\.index),
            by: { index in contenders[index].cost.map { Double($0.nanos) } ?? .infinity },
            { index in contenders[index].cost.map { .cost($0) } ?? .unpriced }
        )
    }

    /// The contender's number for what is hashed in `affinity`, the least one being the best.
    private static func key(_ affinity: UInt64, _ contender: Contender) -> Double {
        var hash = StableHash(seed: affinity)
        hash.add(contender.id)
        return Chance.key(Chance.uniform(of: hash.value), weight: contender.weight)
    }
}
