package import SiraCore

/// When a budget or a credit will have been used up.
package struct Exhaustion: Hashable, Sendable {
    /// The day on which it is expected; nil where it lasts beyond the days that are foretold.
    package var day: CalendarDay?
    /// One time in ten it is this day or before.
    package var earliest: CalendarDay
    /// One time in ten it is after this day; nil where that is beyond the days that are foretold.
    package var latest: CalendarDay?
}

extension Forecast {
    /// When so much more will have been spent; nil where even a fast spend leaves something on the last day foretold.
    ///
    /// - Parameter remaining: what is left now, in the unit of the history.
    package func exhaustion(of remaining: Double) -> Exhaustion? {
        guard let earliest = firstDay(where: { $0.likely.upperBound >= remaining }) else { return nil }
        return Exhaustion(
            day: firstDay { $0.expected >= remaining },
            earliest: earliest,
            latest: firstDay { $0.likely.lowerBound >= remaining }
        )
    }

    private func firstDay(where reaches: (Estimate) -> Bool) -> CalendarDay? {
        days.first { reaches($0.total) }?.day
    }
}
