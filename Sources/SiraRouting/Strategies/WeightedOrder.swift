/// By chance, in proportion to weights.
///
/// The whole order is a weighted sample without replacement, so that what fails over is shared out by weight as well.
package struct WeightedOrder: Strategy {
    package init() {}

    package var name: String { "weighted" }

    package func order(
        _ contenders: [Contender],
        _ circumstances: Circumstances,
        using random: inout some RandomNumberGenerator
    ) -> [Ranked] {
        let keys = contenders.map { Chance.key(Chance.uniform(using: &random), weight: $0.weight) }
        return .sorted(Array(contenders.indices), by: { keys[$0] }, { .drawn(weight: contenders[$0].weight) })
    }
}
