import SiraBilling
import SiraCore
import Testing

@Suite struct BillingMonthTests {
    @Test(arguments: [
        ("2026-01", 31), ("2026-02", 28), ("2028-02", 29), ("2100-02", 28), ("2026-04", 30), ("2026-12", 31),
    ])
    func `a month knows how long it is`(text: String, days: Int64) throws {
        let month = try #require(BillingMonth(text))
        #expect(month.days == days && month.description == text)
        #expect(CalendarDay(daysSinceEpoch: month.start.day).description == text + "-01")
        #expect(month.next.previous == month && month.previous.next == month && month < month.next)
        #expect(BillingMonth(Timestamp(microseconds: month.end.microseconds - 1)) == month)
        #expect(BillingMonth(month.end) == month.next)
    }

    @Test(arguments: ["", "2026", "2026-13", "2026-1", "26-01", "2026-01-01"])
    func `what is no month is not read`(text: String) {
        #expect(BillingMonth(text) == nil)
    }
}
