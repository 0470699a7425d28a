import SiraCore
import SiraLimits
import SiraTenancy
import SiraTesting
import Testing

@Suite struct CalendarPeriodTests {
    @Test(arguments: [
        (BudgetRule.CalendarUnit.day, 0, "2024-02-29", 12, "2024-02-29", "2024-03-01"),
        (.week, 0, "2026-11-22", 23, "2026-11-16", "2026-11-23"),
        (.week, 0, "2026-11-23", 0, "2026-11-23", "2026-11-30"),
        (.week, 0, "1969-12-31", 5, "1969-12-29", "1970-01-05"),
        (.month, 0, "2024-02-29", 23, "2024-02-01", "2024-03-01"),
        (.month, 0, "2100-02-28", 23, "2100-02-01", "2100-03-01"),
        (.month, 0, "2025-12-31", 23, "2025-12-01", "2026-01-01"),
        (.quarter, 0, "2025-11-30", 1, "2025-10-01", "2026-01-01"),
        (.quarter, 0, "2024-03-31", 23, "2024-01-01", "2024-04-01"),
        (.year, 0, "2024-12-31", 23, "2024-01-01", "2025-01-01"),
    ])
    func `a turn of the calendar begins and ends at midnight`(
        unit: BudgetRule.CalendarUnit,
        offset: Int,
        day: String,
        hour: Int,
        start: String,
        end: String
    ) throws {
        let time = try #require(CalendarDay(day)).start.advanced(by: .seconds(3_600 * hour))
        let period = CalendarPeriod(unit, utcOffset: offset, around: time)
        #expect(period.start == CalendarDay(start)?.start)
        #expect(period.end == CalendarDay(end)?.start)
    }

    @Test func `midnight is that of the offset`() throws {
        let newYear = try #require(CalendarDay("2026-01-01")).start
        // In India the year begins at half past six in the evening, UTC; in Hawaii at ten in the morning.
        let india = newYear.advanced(by: .seconds(-330 * 60))
        let before = CalendarPeriod(.month, utcOffset: 330, around: india.advanced(by: .microseconds(-1)))
        #expect(before.end == india)
        #expect(CalendarPeriod(.month, utcOffset: 330, around: india).start == india)
        let hawaii = CalendarPeriod(.year, utcOffset: -600, around: newYear)
        #expect(hawaii.end == newYear.advanced(by: .seconds(600 * 60)))
    }

    @Test(arguments: BudgetRule.CalendarUnit.allCases)
    func `turns follow one another without a gap`(unit: BudgetRule.CalendarUnit) {
        var random = SeededRandom(seed: 5)
        for _ in 0..<500 {
            let offset = Int.random(in: -720...840, using: &random)
            let time = Timestamp(microseconds: .random(in: 0..<4_000_000_000_000_000, using: &random))
            let period = CalendarPeriod(unit, utcOffset: offset, around: time)
            #expect(period.contains(time))
            let next = CalendarPeriod(unit, utcOffset: offset, around: period.end)
            #expect(next.start == period.end)
            let last = period.end.advanced(by: .microseconds(-1))
            #expect(CalendarPeriod(unit, utcOffset: offset, around: last) == period)
        }
    }
}
