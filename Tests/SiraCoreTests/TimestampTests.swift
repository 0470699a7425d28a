import SiraCore
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (1_763_698_800_123_456, "2025-11-21T04:20:00.123Z"),
        (951_782_400_000_000, "2000-02-29T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
    ])
    func `prints ISO 8601 in UTC`(microseconds: Int64, text: String) {
        #expect(Timestamp(microseconds: microseconds).description == text)
    }

    @Test func `every day for 800 years goes there and back`() {
        for day in Int64(-146_097)..<146_097 {
            let date = CalendarDay(daysSinceEpoch: day)
            #expect(date.daysSinceEpoch == day)
        }
    }

    @Test(arguments: ["2026-02-29", "2026-13-01", "2026-1-1", "20260101", "2026-04-31"])
    func `days that do not exist are refused`(text: String) {
        #expect(CalendarDay(text) == nil)
    }
}
