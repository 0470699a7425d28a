#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Draws that several strategies make.
enum Chance {
    /// A key such that ordering by keys, the least first, draws without replacement in proportion to weights.
    ///
    /// Exponentially distributed with the weight as its rate. P. S. Efraimidis and P. G. Spirakis, "Weighted random
    /// sampling with a reservoir", Information Processing Letters 97 (2006).
    ///
    /// - Parameter uniform: above 0 and not above 1.
    static func key(_ uniform: Double, weight: Double) -> Double {
        weight > 0 ? -log(uniform) / weight : .infinity
    }

    /// A number above 0 and not above 1.
    static func uniform(using random: inout some RandomNumberGenerator) -> Double {
        uniform(of: random.next())
    }

    /// The number above 0 and not above 1 that stands for `bits`.
    static func uniform(of bits: UInt64) -> Double {
        (Double(bits >> 11) + 1) * 0x1p-53
    }

    /// Indexes in an order of chance.
    static func shuffled(_ count: Int, using random: inout some RandomNumberGenerator) -> [Int] {
        Array(0..<count).shuffled(using: &random)
    }
}

extension Array where Element == Ranked {
    /// `indexes` in the order of their keys, the least first; what is equal stays in its order.
    static func sorted(_ indexes: [Int], by key: (Int) -> Double, _ why: (Int) -> Why) -> [Ranked] {
        indexes.enumerated().map { (key: key($0.element), place: $0.offset, index: $0.element) }
            .sorted { ($0.key, $0.place) < ($1.key, $1.place) }
            .map { Ranked($0.index, score: -$0.key, why($0.index)) }
    }
}
