/// As they stand in the configuration.
package struct PriorityOrder: Strategy {
    package init() {}

    package var name: String { "priority" }

    package func order(
        _ contenders: [Contender],
        _ circumstances: Circumstances,
        using random: inout some RandomNumberGenerator
    ) -> [Ranked] {
        contenders.indices.map { Ranked($0, score: Double(-$0), .place($0 + 1)) }
    }
}
