/// What becomes of deployments of which nothing has been measured, where a strategy goes by measurements.
enum Exploration {
    /// How many of a hundred requests go to such a one first, so that something becomes known.
    static let percent: UInt64 = 5

    /// `known` with those of `unknown` behind it, or with one of them before it now and then; when nothing is known of
    /// any, in an order of chance.
    static func order(
        _ known: [Ranked],
        unknown: [Int],
        using random: inout some RandomNumberGenerator
    ) -> [Ranked] {
        guard !unknown.isEmpty else { return known }
        let rest = unknown.shuffled(using: &random).map { Ranked($0, score: -.infinity, .unmeasured) }
        guard !known.isEmpty, let first = rest.first else { return rest }
        guard random.next(upperBound: 100) < percent else { return known + rest }
        return [Ranked(first.index, score: first.score, .explored)] + known + rest.dropFirst()
    }
}
