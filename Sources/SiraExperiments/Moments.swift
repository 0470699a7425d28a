package import SiraJSON

/// How many numbers there were, their mean and how they are spread, without keeping them.
///
/// Kept as count, mean and sum of squared differences from the mean, since the difference of a sum of squares and a
/// squared sum loses its digits where the spread is small (Welford, 1962; merging after Chan, Golub and LeVeque, 1979).
package struct Moments: Hashable, Sendable {
    /// How many numbers there were.
    package private(set) var count = 0
    /// Their mean; 0 where there were none.
    package private(set) var mean = 0.0
    /// The sum of the squared differences from the mean.
    private(set) var squares = 0.0

    package init() {}

    /// The variance of what the numbers are a sample of; 0 for fewer than two.
    package var variance: Double { count > 1 ? squares / Double(count - 1) : 0 }

    /// Their sum.
    package var sum: Double { mean * Double(count) }

    /// Counts a number; those that are not finite are passed over.
    package mutating func add(_ number: Double) {
        guard number.isFinite else { return }
        count += 1
        let distance = number - mean
        mean += distance / Double(count)
        squares += distance * (number - mean)
    }

    /// Undoes ``add(_:)`` of a number that was counted.
    package mutating func remove(_ number: Double) {
        guard number.isFinite, count > 1 else {
            if number.isFinite { self = Moments() }
            return
        }
        let distance = number - mean
        count -= 1
        mean -= distance / Double(count)
        squares = max(0, squares - distance * (number - mean))
    }

    /// Counts what another has counted.
    package mutating func merge(_ other: Moments) {
        guard other.count > 0 else { return }
        guard count > 0 else { return self = other }
        let distance = other.mean - mean
        let all = Double(count) + Double(other.count)
        mean += distance * Double(other.count) / all
        squares += other.squares + distance * distance * Double(count) * Double(other.count) / all
        count += other.count
    }
}

extension Moments {
    /// Reads what ``write(to:)`` wrote; nil for anything else.
    package init?(json: JSONValue?) {
        guard let json, let count = json["count"]?.integer, let mean = json["mean"]?.double,
            let squares = json["squares"]?.double, (0...Int64(Self.countLimit)).contains(count), squares >= 0,
            mean.isFinite, squares.isFinite
        else { return nil }
        self.count = Int(count)
        self.mean = mean
        self.squares = squares
    }

    /// Writes all of it as an object.
    package func write(to json: inout JSONWriter) {
        json.object {
            $0.member("count", count)
            $0.member("mean", mean)
            $0.member("squares", squares)
        }
    }

    /// More than can be counted in any lifetime, and few enough for sums of two.
    static let countLimit = 1 << 52
}
