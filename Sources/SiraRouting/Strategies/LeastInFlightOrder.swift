/// The one with the fewest attempts in flight for its weight; ties are broken by chance.
///
/// The attempt to come is counted, so that weights matter also where nothing is in flight.
package struct LeastInFlightOrder: Strategy {
    package init() {}

    package var name: String { "least_in_flight" }

    package func order(
        _ contenders: [Contender],
        _ circumstances: Circumstances,
        using random: inout some RandomNumberGenerator
    ) -> [Ranked] {
        .sorted(
            Chance.shuffled(contenders.count, using: &random),
            by: { index in
                let contender = contenders[index]
                return contender.weight > 0 ? Double(contender.inFlight + 1) / contender.weight : .infinity
            },
            { .inFlight(contenders[$0].inFlight) }
        )
    }
}
