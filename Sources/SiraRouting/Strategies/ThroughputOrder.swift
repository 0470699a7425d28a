/// The one whose answers come fastest once they have begun.
package struct ThroughputOrder: Strategy {
    package init() {}

    package var name: String { "throughput" }

    package func order(
        _ contenders: [Contender],
        _ circumstances: Circumstances,
        using random: inout some RandomNumberGenerator
    ) -> [Ranked] {
        let known = contenders.indices.filter { contenders[$0].tokensPerSecond != nil }
        let ranked: [Ranked] = .sorted(
            known,
            by: { -(contenders[$0].tokensPerSecond ?? 0) },
            { .throughput(contenders[$0].tokensPerSecond ?? 0) }
        )
        let unknown = contenders.indices.filter { contenders[$0].tokensPerSecond == nil }
        return Exploration.order(ranked, unknown: unknown, using: &random)
    }
}
