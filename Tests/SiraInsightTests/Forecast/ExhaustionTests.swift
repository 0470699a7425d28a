import SiraCore
import SiraInsight
import Testing

struct ExhaustionTests {
    private static let first = CalendarDay(daysSinceEpoch: 20_605)

    private static func forecast(days: Int) -> Forecast {
        let values = (0..<42).map { $0.isMultiple(of: 2) ? 8.0 : 12 }
        return Forecast(
            of: DailySeries(first: first, values: values),
            through: CalendarDay(daysSinceEpoch: first.daysSinceEpoch + 41 + Int64(days))
        )
    }

    @Test
    func `a budget of ten days at ten a day ends on the tenth day`() throws {
        let end = try #require(Self.forecast(days: 30).exhaustion(of: 95))
        let day = try #require(end.day).daysSinceEpoch - Self.first.daysSinceEpoch - 41
        #expect((9...11).contains(day))
        #expect(end.earliest.daysSinceEpoch <= end.day?.daysSinceEpoch ?? 0)
        #expect(try #require(end.latest).daysSinceEpoch >= end.day?.daysSinceEpoch ?? .max)
    }

    @Test
    func `what lasts beyond the horizon has no day`() {
        #expect(Self.forecast(days: 10).exhaustion(of: 1_000) == nil)
    }

    @Test
    func `what may end within the horizon has an earliest day alone`() throws {
        let days = Self.forecast(days: 10).days
        let last = try #require(days.last).total
        let end = try #require(Self.forecast(days: 10).exhaustion(of: (last.expected + last.likely.upperBound) / 2))
        #expect(end.day == nil && end.latest == nil)
    }

    @Test
    func `what is used up already ends today`() throws {
        let end = try #require(Self.forecast(days: 5).exhaustion(of: 0))
        #expect(end.day == end.earliest && end.latest == end.day)
    }
}
