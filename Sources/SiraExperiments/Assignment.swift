#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Which arm a unit belongs to: always the same one as long as the weights are the same.
package enum Assignment {
    /// The arm of a unit, each with a chance as its weight says; nil when no weight is above 0.
    ///
    /// Weighted rendezvous hashing: every arm draws −w / ln u from the unit's own u, and the highest has it. When weights
    /// change, only the units move that have to: none between two arms whose weights are in the same proportion as
    /// before. The order of the arms does not matter.
    ///
    /// Thaler and Ravishankar, "A Name-Based Mapping Scheme for Rendezvous" (1996); the weighting by logarithms is from
    /// Schindelhauer and Schomaker, "Weighted Distributed Hash Tables" (2005).
    package static func arm(of unit: String, in experiment: String, among arms: [ExperimentSpec.Arm]) -> Int? {
        var best: (arm: Int, draw: Double)?
        for (index, arm) in arms.enumerated() where arm.weight > 0 && arm.weight.isFinite {
            // The same model may be there twice, to see how much two arms differ by chance.
            let twin = arms[..<index].count { $0.model == arm.model }
            let place = StableHash.place(StableHash.hash(experiment, unit, arm.model, String(twin)))
            // Places begin at 0, whose logarithm is infinite, and end before 1, whose logarithm is 0.
            let draw = -arm.weight / log(max(place, 0x1p-54))
            if best.map({ draw > $0.draw }) ?? true { best = (index, draw) }
        }
        return best?.arm
    }

    /// Whether a unit is among the first `share` of all, 0 to 1.
    ///
    /// A unit that is in at one share is in at every greater one.
    package static func isWithin(_ share: Double, unit: String, in experiment: String) -> Bool {
        StableHash.place(StableHash.hash(experiment, unit)) < share
    }
}
