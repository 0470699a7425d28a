internal import SiraCore

/// The one at which a request like this is expected to cost least; where a price is not known, it comes last.
///
/// ``CostForecast`` says how the expectation comes about.
package struct CheapestOrder: Strategy {
    package init() {}

    package var name: String { "cheapest" }

    package func order(
        _ contenders: [Contender],
        _ circumstances: Circumstances,
        using random: inout some RandomNumberGenerator
    ) -> [Ranked] {
        .sorted(
            Array(contenders.indices),
            by: { index in contenders[index].cost.map { Double($0.nanos) } ?? .infinity },
            { index in contenders[index].cost.map { .cost($0) } ?? .unpriced }
        )
    }
}
