/// A point in time: microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
package struct Timestamp: Hashable, Comparable, Sendable {
    package var microseconds: Int64

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }

    /// Whole seconds since 1970.
    package var seconds: Int64 { microseconds.flooredQuotient(1_000_000) }

    /// Days since 1970-01-01 in UTC.
    package var day: Int64 { microseconds.flooredQuotient(86_400_000_000) }

    package func advanced(by duration: Duration) -> Timestamp {
        Timestamp(microseconds: microseconds + duration.wholeMicroseconds)
    }
}

extension Timestamp: CustomStringConvertible {
    /// ISO 8601 in UTC with milliseconds, such as `2026-11-21T04:26:00.123Z`.
    package var description: String {
        let date = CalendarDay(daysSinceEpoch: day)
        let milliseconds = Int((microseconds - day * 86_400_000_000) / 1_000)
        guard (0...9_999).contains(date.year) else { return date.description }  // not a time that anyone meant
        // Written digit by digit: every line of the log begins with one.
        return String(unsafeUninitializedCapacity: 24) { text in
            var at = 0
            func put(_ number: Int, _ width: Int, _ end: Unicode.Scalar) {
                var rest = number
                for index in stride(from: at + width - 1, through: at, by: -1) {
                    text[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                    rest /= 10
                }
                text[at + width] = UInt8(ascii: end)
                at += width + 1
            }
            put(date.year, 4, "-")
            put(date.month, 2, "-")
            put(date.day, 2, "T")
            put(milliseconds / 3_600_000, 2, ":")
            put(milliseconds / 60_000 % 60, 2, ":")
            put(milliseconds / 1_000 % 60, 2, ".")
            put(milliseconds % 1_000, 3, "Z")
            return at
        }
    }
}

/// A day of the proleptic Gregorian calendar, in UTC.
package struct CalendarDay: Hashable, Sendable, CustomStringConvertible {
    package var year: Int
    package var month: Int
    package var day: Int

    /// Civil-from-days, after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    package init(daysSinceEpoch: Int64) {
        let shifted = daysSinceEpoch + 719_468
        let era = shifted.flooredQuotient(146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
        month = Int(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9)
        year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
    }

    /// Reads `YYYY-MM-DD`; nil when it is not a day of the calendar.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2 else { return nil }
        guard let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]) else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
        // A day that does not exist, such as 30 February, does not survive the way there and back.
        guard CalendarDay(daysSinceEpoch: daysSinceEpoch) == self else { return nil }
    }

    /// Days since 1970-01-01.
    package var daysSinceEpoch: Int64 {
        let shiftedYear = Int64(month <= 2 ? year - 1 : year)
        let era = shiftedYear.flooredQuotient(400)
        let yearOfEra = shiftedYear - era * 400
        let monthFromMarch = Int64(month > 2 ? month - 3 : month + 9)
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + Int64(day) - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// Midnight in UTC at the start of the day.
    package var start: Timestamp { Timestamp(microseconds: daysSinceEpoch * 86_400_000_000) }

    package var description: String { "\(pad(Int64(year), 4))-\(pad(Int64(month), 2))-\(pad(Int64(day), 2))" }
}

extension Int64 {
    /// Division that rounds towards negative infinity, so that times before 1970 fall on the right day.
    fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

private func pad(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
