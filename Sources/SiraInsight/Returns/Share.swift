/// A part of a whole, in millionths, so that what is made of it is exact.
package struct Share: Hashable, Comparable, Sendable {
    /// From 0 to ``whole``.
    package let millionths: Int64

    package static let whole: Int64 = 1_000_000
    package static let zero = Share(0)
    package static let half = Share(0.5)

    init(millionths: Int64) {
        self.millionths = millionths
    }

    /// Rounded to the nearest millionth; what is below 0, above 1 or no number is brought to the nearer end.
    package init(_ share: Double) {
        millionths = share.isNaN ? 0 : Int64((min(1, max(0, share)) * Double(Self.whole)).rounded())
    }

    /// The share as a number from 0 to 1.
    package var value: Double { Double(millionths) / Double(Self.whole) }

    /// What is left of the whole, in millionths.
    var rest: Int64 { Self.whole - millionths }

    package static func < (left: Share, right: Share) -> Bool { left.millionths < right.millionths }
}
