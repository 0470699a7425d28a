package import SiraCore

extension DailySeries {
    /// Amounts of money as a series of dollars.
    package init(first: CalendarDay, amounts: [NanoUSD]) {
        self.init(first: first, values: amounts.map(\.dollars))
    }

    /// No value is taken to be more than this, so that sums stay numbers.
    static let most = 1e15

    /// The day of a value; days after the last and before the first are counted on.
    package func day(at index: Int) -> CalendarDay {
        CalendarDay(daysSinceEpoch: first.daysSinceEpoch + Int64(index))
    }

    /// The place of a day, which may be below 0 or beyond the last.
    package func index(of day: CalendarDay) -> Int {
        Int(day.daysSinceEpoch - first.daysSinceEpoch)
    }

    /// The weekday of a value, 0 for Monday to 6 for Sunday.
    func weekday(at index: Int) -> Int {
        // 1970-01-01 was a Thursday.
        Int(((first.daysSinceEpoch + Int64(index) + 3) % 7 + 7) % 7)
    }
}

extension CalendarDay {
    /// The last day of the month that the day is in.
    package var lastOfMonth: CalendarDay {
        var next = self
        next.day = 1
        next.month = month == 12 ? 1 : month + 1
        next.year = month == 12 ? year + 1 : year
        return CalendarDay(daysSinceEpoch: next.daysSinceEpoch - 1)
    }

    /// The first day of the month that the day is in.
    package var firstOfMonth: CalendarDay {
        CalendarDay(daysSinceEpoch: daysSinceEpoch - Int64(day) + 1)
    }
}
