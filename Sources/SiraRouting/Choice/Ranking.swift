internal import SiraHealth

/// Puts contenders into the order in which they are asked.
package enum Ranking {
    /// The usable ones as the strategy has them, then the others as they stand: a request would rather try than fail.
    package static func order(
        _ contenders: [Contender],
        by strategy: any Strategy,
        _ circumstances: Circumstances,
        using random: inout some RandomNumberGenerator
    ) -> [Ranked] {
        guard let unusable = contenders.firstIndex(where: { !$0.availability.isAvailable }) else {
            return strategy.order(contenders, circumstances, using: &random)
        }
        var indexes = Array(0..<unusable)
        var last: [Ranked] = []
        for index in unusable..<contenders.count {
            if contenders[index].availability.isAvailable {
                indexes.append(index)
            } else {
                last.append(Ranked(index, score: -.infinity, .lastResort(contenders[index].availability.words)))
            }
        }
        guard !indexes.isEmpty else { return last }
        let ordered = strategy.order(indexes.map { contenders[$0] }, circumstances, using: &random)
        return ordered.map { Ranked(indexes[$0.index], score: $0.score, $0.why) } + last
    }
}
