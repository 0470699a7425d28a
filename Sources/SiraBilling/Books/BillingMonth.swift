package import SiraCore

/// A month of the calendar in UTC, such as `2026-10`: what is charged for at once.
package struct BillingMonth: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let year: Int
    /// 1 to 12.
    package let month: Int

    /// The month in which the day lies.
    package init(_ day: CalendarDay) {
        (year, month) = (day.year, day.month)
    }

    /// The month in which the time lies.
    package init(_ time: Timestamp) {
        self.init(CalendarDay(daysSinceEpoch: time.day))
    }

    /// Reads `YYYY-MM`; nil for anything else.
    package init?(_ text: some StringProtocol) {
        guard let day = CalendarDay("\(text)-01") else { return nil }
        self.init(day)
    }

    private init(year: Int, month: Int) {
        (self.year, self.month) = (year, month)
    }

    package static func < (left: BillingMonth, right: BillingMonth) -> Bool {
        (left.year, left.month) < (right.year, right.month)
    }

    package var next: BillingMonth {
        month == 12 ? BillingMonth(year: year + 1, month: 1) : BillingMonth(year: year, month: month + 1)
    }

    package var previous: BillingMonth {
        month == 1 ? BillingMonth(year: year - 1, month: 12) : BillingMonth(year: year, month: month - 1)
    }

    /// Midnight in UTC at the start of the first day.
    package var start: Timestamp { Timestamp(microseconds: firstDay * 86_400_000_000) }

    /// Midnight in UTC after the last day.
    package var end: Timestamp { next.start }

    /// How many days it has: 28 to 31.
    package var days: Int64 { next.firstDay - firstDay }

    /// Days since 1970-01-01 of its first.
    package var firstDay: Int64 {
        var day = CalendarDay(daysSinceEpoch: 0)
        (day.year, day.month, day.day) = (year, month, 1)
        return day.daysSinceEpoch
    }

    package var description: String {
        let year = String(year)
        return String(repeating: "0", count: max(0, 4 - year.count)) + year + (month < 10 ? "-0" : "-") + String(month)
    }
}
