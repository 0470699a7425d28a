/// Each in its turn.
///
/// With different weights the turns follow the multiples of the golden ratio, whose fractional parts fill the interval
/// from 0 to 1 as evenly as any sequence does: shares are right to within a few requests, and no contender has a run.
/// H. Weyl, "Über die Gleichverteilung von Zahlen mod. Eins", Mathematische Annalen 77 (1916).
package struct RoundRobinOrder: Strategy {
    package init() {}

    package var name: String { "round_robin" }
    package var needs: StrategyNeeds { .turn }

    package func order(
        _ contenders: [Contender],
        _ circumstances: Circumstances,
        using random: inout some RandomNumberGenerator
    ) -> [Ranked] {
        guard !contenders.isEmpty else { return [] }
        let first = first(of: contenders, circumstances.turn)
        return contenders.indices.map { place in
            let index = (first + place) % contenders.count
            return Ranked(index, score: Double(-place), .turn)
        }
    }

    private func first(of contenders: [Contender], _ turn: UInt64) -> Int {
        let total = contenders.reduce(0) { $0 + max(0, $1.weight) }
        guard total > 0, contenders.contains(where: { $0.weight != contenders[0].weight }) else {
            return Int(turn % UInt64(contenders.count))
        }
        // 2⁶⁴ divided by the golden ratio; the product's overflow is the fractional part.
        let fraction = Double((turn &* 0x9E37_79B9_7F4A_7C15) >> 11) * 0x1p-53
        var rest = fraction * total
        for (index, contender) in contenders.enumerated() where contender.weight > 0 {
            rest -= contender.weight
            if rest < 0 { return index }
        }
        return contenders.lastIndex { $0.weight > 0 } ?? 0
    }
}
