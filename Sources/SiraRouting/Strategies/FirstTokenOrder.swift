/// The one that begins to answer soonest: the mean of the median and of the 95th percentile of the time to the first
/// token, so that one that is mostly quick but sometimes very slow does not win.
package struct FirstTokenOrder: Strategy {
    package init() {}

    package var name: String { "first_token" }

    package func order(
        _ contenders: [Contender],
        _ circumstances: Circumstances,
        using random: inout some RandomNumberGenerator
    ) -> [Ranked] {
        let known = contenders.indices.filter { contenders[$0].firstTokenP50 != nil }
        let ranked: [Ranked] = .sorted(
            known,
            by: { index in
                let (p50, p95) = Self.times(contenders[index])
                return (p50 + p95) / 2
            },
            { index in
                let (p50, p95) = Self.times(contenders[index])
                return .firstToken(p50: p50, p95: p95)
            }
        )
        let unknown = contenders.indices.filter { contenders[$0].firstTokenP50 == nil }
        return Exploration.order(ranked, unknown: unknown, using: &random)
    }

    private static func times(_ contender: Contender) -> (p50: Double, p95: Double) {
        let p50 = contender.firstTokenP50 ?? 0
        return (p50, contender.firstTokenP95 ?? p50)
    }
}
