import Foundation
import SiraCore
import SiraTenancy

/// The time zone that days are told in.
struct ConsoleZone: Sendable {
    private let zone: TimeZone
    private let calendar: Calendar
    let name: String

    static let parameter = EndpointParameter(
        "tz",
        .text(length: 1...60, format: nil),
        "The time zone of days and months, such as Asia/Shanghai; UTC."
    )

    init(_ name: String?) throws(EndpointError) {
        guard let zone = name.map({ TimeZone(identifier: $0) }) ?? TimeZone(secondsFromGMT: 0) else {
            throw ConsoleFilters.invalid("tz", "is no time zone such as Asia/Shanghai or UTC")
        }
        (self.zone, self.name) = (zone, name ?? "UTC")
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        self.calendar = calendar
    }

    /// Seconds by which local time is ahead of UTC.
    func offset(at time: Timestamp) -> Int64 { Int64(zone.secondsFromGMT(for: time.date)) }

    /// All that ``offset(at:)`` is over some time.
    func offsets(in range: Range<Timestamp>) -> Set<Int64> {
        var (offsets, time): (Set<Int64>, Date) = ([offset(at: range.lowerBound)], range.lowerBound.date)
        while let next = zone.nextDaylightSavingTimeTransition(after: time), next > time, next < range.upperBound.date {
            offsets.insert(Int64(zone.secondsFromGMT(for: next)))
            time = next
        }
        return offsets
    }

    /// The local day that a time lies in, as days since 1970-01-01.
    private func localDay(of time: Timestamp) -> Int64 {
        Timestamp(microseconds: time.microseconds + offset(at: time) * 1_000_000).day
    }

    /// When a local day begins, at midnight but for those on which clocks are put on over it.
    private func start(ofDay day: Int64) -> Timestamp {
        let noon = Timestamp(microseconds: day * RollupDay.microseconds + RollupDay.microseconds / 2)
        return self.day(of: Timestamp(microseconds: noon.microseconds - offset(at: noon) * 1_000_000))
    }

    /// The start of the local day that a time lies in.
    func day(of time: Timestamp) -> Timestamp {
        Timestamp(microseconds: Int64(calendar.startOfDay(for: time.date).timeIntervalSince1970) * 1_000_000)
    }

    /// The start of the local month.
    func month(of time: Timestamp) -> Timestamp {
        let day = localDay(of: time)
        return start(ofDay: day - Int64(CalendarDay(daysSinceEpoch: day).day) + 1)
    }

    /// The start of the slice of local time that a time lies in.
    ///
    /// Shorter ones are counted from the start of the day, so that the last one of a day may be shorter than the others.
    ///
    /// - Parameter step: in seconds; a day and more are whole days.
    private func slice(of time: Timestamp, step: Int64) -> Timestamp {
        if step >= 86_400 {
            let days = step / 86_400
            let day = localDay(of: time)
            return start(ofDay: day - ((day % days) + days) % days)
        }
        let midnight = day(of: time)
        return Timestamp(
            microseconds: midnight.microseconds + (time.seconds - midnight.seconds) / step * step * 1_000_000
        )
    }

    /// The starts of the slices that some time lies in, in their order, so many at most.
    ///
    /// - Parameter step: how long slices are, in seconds; a day and more are whole days.
    func slices(of range: Range<Timestamp>, step: Int64, limit: Int) -> [Timestamp] {
        var slices: [Timestamp] = []
        var slice = self.slice(of: range.lowerBound, step: step)
        while slice < range.upperBound, slices.count < limit {
            slices.append(slice)
            // A day that clocks are set on is longer or shorter; half a day beyond lies in the next for sure.
            let length = step >= 86_400 ? step + 43_200 : step
            let beyond = Timestamp(microseconds: slice.microseconds + length * 1_000_000)
            // Where a whole day was left out, as on the date line, none follows but the one after.
            slice = max(self.slice(of: beyond, step: step), Timestamp(microseconds: slice.microseconds + 60_000_000))
        }
        return slices
    }
}

private enum RollupDay {
    static let microseconds: Int64 = 86_400_000_000
}

extension Timestamp {
    fileprivate var date: Date { Date(timeIntervalSince1970: Double(seconds)) }
}
