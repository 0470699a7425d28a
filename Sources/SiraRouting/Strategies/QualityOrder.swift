/// The one whose model is best; of equals the cheaper one, and last where the quality is not known.
package struct QualityOrder: Strategy {
    package init() {}

    package var name: String { "quality" }

    package func order(
        _ contenders: [Contender],
        _ circumstances: Circumstances,
        using random: inout some RandomNumberGenerator
    ) -> [Ranked] {
        let byCost = CheapestOrder().order(contenders, circumstances, using: &random).map(\.index)
        return .sorted(
            byCost,
            by: { index in contenders[index].quality.map { -$0 } ?? .infinity },
            { index in contenders[index].quality.map { .quality($0) } ?? .unrated }
        )
    }
}
