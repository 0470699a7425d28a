internal import SiraCore

/// By several sides at once, each as important as its weight says.
///
/// Each side is a number from 0 to 1 within the contenders, the best of them having 1 and the worst 0: cost and load (the
/// least is best) and quality. Availability is the share of attempts that did not fail. Of what is not known, cost and
/// quality count as the worst, and load as the middle: what has not been measured yet is neither punished nor
/// preferred.
package struct BlendOrder: Strategy {
    private let weights: BlendWeights

    package init(_ weights: BlendWeights) {
        self.weights = weights
    }

    package var name: String { "blend" }

    package func order(
        _ contenders: [Contender],
        _ circumstances: Circumstances,
        using random: inout some RandomNumberGenerator
    ) -> [Ranked] {
        let costs = Self.normalised(contenders.map { $0.cost.map { -Double($0.nanos) } }, unknown: 0)
        let loads = Self.normalised(contenders.map { $0.load.map { -$0 } }, unknown: 0.5)
        let qualities = Self.normalised(contenders.map(\.quality), unknown: 0)
        let total = weights.cost + weights.latency + weights.quality + weights.availability
        let scores = contenders.indices.map { index in
            let sum =
                weights.cost * costs[index] + weights.latency * loads[index] + weights.quality * qualities[index]
                + weights.availability * (1 - contenders[index].errorRate)
            return total > 0 ? sum / total : 0
        }
        return [Ranked].sorted(
            Chance.shuffled(contenders.count, using: &random),
            by: { -scores[$0] },
            { .blend(scores[$0]) }
        )
    }

    /// Each value's place between the least, 0, and the greatest, 1; 1 for all where they are equal.
    static func normalised(_ values: [Double?], unknown: Double) -> [Double] {
        let known = values.compactMap(\.self)
        guard let least = known.min(), let greatest = known.max() else { return values.map { _ in unknown } }
        return values.map { value in
            guard let value else { return unknown }
            return greatest > least ? (value - least) / (greatest - least) : 1
        }
    }
}
