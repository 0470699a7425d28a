import Foundation
import SiraCore
import SiraTenancy

/// The time zone that days are told in.
struct ConsoleZone: Sendable {
    private let zone: TimeZone
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
    }

    /// Seconds by which local time is ahead of UTC.
    func offset(at time: Timestamp) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time.seconds))))
    }

    /// The local day that a time lies in, as days since 1970-01-01.
    private func localDay(of time: Timestamp) -> Int64 {
        Timestamp(microseconds: time.microseconds + offset(at: time) * 1_000_000).day
    }

    /// Local midnight at the start of a local day.
    private func start(ofDay day: Int64) -> Timestamp {
        let midnight = Timestamp(microseconds: day * RollupDay.microseconds)
        let guess = Timestamp(microseconds: midnight.microseconds - offset(at: midnight) * 1_000_000)
        // Where the clocks are set near midnight, the first guess was made with the other offset.
        return Timestamp(microseconds: midnight.microseconds - offset(at: guess) * 1_000_000)
    }

    /// The start of the local day that a time lies in.
    func day(of time: Timestamp) -> Timestamp { start(ofDay: localDay(of: time)) }

    /// The start of the local month.
    func month(of time: Timestamp) -> Timestamp {
        let day = localDay(of: time)
        return start(ofDay: day - Int64(CalendarDay(daysSinceEpoch: day).day) + 1)
    }

    /// Whether hours of UTC do not go into days of the zone.
    func splitsHours(at time: Timestamp) -> Bool { offset(at: time) % 3_600 != 0 }

    /// The start of the slice of local time that a time lies in.
    ///
    /// - Parameter step: in seconds; whole days begin at local midnight.
    func slice(of time: Timestamp, step: Int64) -> Timestamp {
        if step >= 86_400 {
            let days = step / 86_400
            let day = localDay(of: time)
            return start(ofDay: day - ((day % days) + days) % days)
        }
        let local = time.seconds + offset(at: time)
        return Timestamp(microseconds: (time.seconds - ((local % step) + step) % step) * 1_000_000)
    }
}

private enum RollupDay {
    static let microseconds: Int64 = 86_400_000_000
}
