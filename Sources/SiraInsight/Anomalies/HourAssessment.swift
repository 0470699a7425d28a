package import SiraCore

/// How an hour compares with the same hour before, and by which numbers.
package struct HourAssessment: Hashable, Sendable {
    /// What the hour was compared with.
    package enum Basis: String, Sendable {
        /// The same hour of the same weekday in the weeks before.
        case hourOfWeek = "hour_of_week"
        /// The same hour of the days before: of Mondays to Fridays, or of weekends, where there were five.
        case hourOfDay = "hour_of_day"
    }

    /// When the hour began.
    package var hour: Timestamp
    package var observed: Double
    /// The median of the hours it was compared with.
    package var expected: Double
    /// The robust z-score; below 0 where less was observed than expected.
    package var score: Double
    package var basis: Basis
    /// With how many hours it was compared.
    package var samples: Int
    /// From where to where the hour would have been ordinary.
    package var ordinary: ClosedRange<Double>
    /// Whether the score and the change are both large enough.
    package var isAnomaly: Bool
}

extension HourAssessment {
    /// The finding in numbers, such as `12.4 observed, 3.1 expected (median of 6, hour_of_week), z 7.9, ordinary 1.8 to
    /// 5.2`.
    package var reason: String {
        "\(short(observed)) observed, \(short(expected)) expected (median of \(samples), \(basis.rawValue)), "
            + "z \(short(score)), ordinary \(short(ordinary.lowerBound)) to \(short(ordinary.upperBound))"
    }

    /// With two digits after the point, or as many as it takes to see two that are not 0.
    private func short(_ value: Double) -> String {
        let digits = abs(value) >= 0.1 || value == 0 ? 100.0 : 10_000
        let rounded = (value * digits).rounded() / digits
        return Int64(exactly: rounded).map(String.init) ?? "\(rounded)"
    }
}
