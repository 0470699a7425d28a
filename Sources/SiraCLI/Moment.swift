import ArgumentParser
import SiraCore

/// A length of time as it is typed: `90s`, `15m`, `24h`, `30d`, `2w`.
struct Span: Hashable, CustomStringConvertible {
    let duration: Duration
    /// As it is typed, for help texts.
    let description: String

    static let day = Span(duration: .seconds(86_400), description: "24h")
    static let week = Span(duration: .seconds(604_800), description: "7d")

    private init(duration: Duration, description: String) {
        self.duration = duration
        self.description = description
    }

    /// Reads a length of time, for options.
    @Sendable static func read(_ text: String) throws -> Span {
        guard let span = Span(argument: text) else {
            throw ValidationError("\"\(text)\" is not a length of time such as 90s, 15m, 24h, 7d or 2w.")
        }
        return span
    }

    init?(argument: String) {
        let seconds: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
        guard let unit = argument.last.flatMap({ seconds[$0] }) else { return nil }
        let digits = argument.dropLast()
        // A hundred years are enough for everything, and safe from overflow.
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int64(digits),
            count <= 3_155_760_000 / unit
        else { return nil }
        duration = .seconds(count * unit)
        description = argument
    }
}

/// A point in time as it is typed: a length of time from now, a day (UTC), or a time in UTC.
enum Moment: Hashable, CustomStringConvertible {
    case span(Span)
    case day(CalendarDay)
    case time(Timestamp)

    /// What can be typed, for whoever typed something else.
    private static let forms = """
        a length of time such as 90s, 15m, 24h, 7d or 2w, a day such as 2026-11-21, or a time in UTC such as \
        2026-11-21T08:00Z
        """

    /// Reads a point in time, for options.
    @Sendable static func read(_ text: String) throws -> Moment {
        guard let moment = Moment(argument: text) else { throw ValidationError("\"\(text)\" is not \(forms).") }
        return moment
    }

    init?(argument: String) {
        if let span = Span(argument: argument) {
            self = .span(span)
        } else if let day = CalendarDay(argument) {
            self = .day(day)
        } else if let time = Self.time(argument) {
            self = .time(time)
        } else {
            return nil
        }
    }

    /// As it is typed, for help texts.
    var description: String {
        switch self {
        case .span(let span): span.description
        case .day(let day): day.description
        case .time(let time): time.description
        }
    }

    /// As the beginning of a stretch of time in the past.
    func beginning(now: Timestamp) -> Timestamp {
        switch self {
        case .span(let span): now.advanced(by: .zero - span.duration)
        case .day(let day): day.start
        case .time(let time): time
        }
    }

    /// As the end of a stretch of time in the past: a day counts in full.
    func end(now: Timestamp) -> Timestamp {
        guard case .day(let day) = self else { return beginning(now: now) }
        return day.start.advanced(by: .seconds(86_400))
    }

    /// As the end of something that lies in the future: a day counts in full.
    func deadline(now: Timestamp) -> Timestamp {
        guard case .span(let span) = self else { return end(now: now) }
        return now.advanced(by: span.duration)
    }

    /// Reads `2026-11-21T04:26:00Z`; seconds and what follows them may be left out, the `Z` may not.
    private static func time(_ text: String) -> Timestamp? {
        let halves = text.split(separator: "T", omittingEmptySubsequences: false)
        guard halves.count == 2, halves[1].hasSuffix("Z"), let day = CalendarDay(halves[0]) else { return nil }
        let clock = halves[1].dropLast().prefix { $0 != "." }
        let parts = clock.split(separator: ":", omittingEmptySubsequences: false).map { part in
            part.count == 2 ? UInt8(part) : nil
        }
        guard (2...3).contains(parts.count), let hour = parts[0], let minute = parts[1] else { return nil }
        guard let second = parts.count == 3 ? parts[2] : 0, hour < 24, minute < 60, second < 60 else { return nil }
        return day.start.advanced(by: .seconds(Int64(hour) * 3_600 + Int64(minute) * 60 + Int64(second)))
    }
}
