import SiraCore
import SiraInsight
import SiraTesting
import Testing

struct ForecastTests {
    /// A Monday, the first of its month.
    private static let monday = CalendarDay(daysSinceEpoch: 20_605)

    private static func day(_ offset: Int) -> CalendarDay {
        CalendarDay(daysSinceEpoch: monday.daysSinceEpoch + Int64(offset))
    }

    private static func forecast(_ values: [Double], passed: Double = 1, days: Int = 30) -> Forecast {
        Forecast(
            of: DailySeries(first: monday, values: values),
            passed: passed,
            through: day(values.count + days - 1)
        )
    }

    @Test
    func `one day is enough, and goes on`() throws {
        let forecast = Self.forecast([10])
        #expect(forecast.days.count == 30)
        #expect(forecast.days.first?.day == Self.day(1))
        let month = try #require(forecast.total(from: Self.monday, through: Self.monday.lastOfMonth))
        let length = Double(Self.monday.lastOfMonth.day)
        #expect(abs(month.expected - 10 * length) < 1e-6)
        #expect(month.likely.lowerBound < month.expected && month.likely.upperBound > month.expected)
        #expect(month.possible.lowerBound < month.likely.lowerBound)
        #expect(month.possible.upperBound > month.likely.upperBound)
    }

    @Test
    func `weekends are learnt`() throws {
        let values = (0..<35).map { $0 % 7 >= 5 ? 2.0 : 10 }
        let days = Self.forecast(values, days: 7).days.map(\.expected)
        for (index, expected) in days.enumerated() { #expect(abs(expected - (index >= 5 ? 2 : 10)) < 0.5) }
    }

    @Test
    func `growth goes on and wears off`() throws {
        let values = (0..<60).map { 10 + Double($0) }
        let days = Self.forecast(values, days: 60).days.map(\.expected)
        #expect(days[0] > 65 && days[0] < 75)
        #expect(days[29] > days[0] + 5)
        #expect(days[59] < 130)
    }

    @Test
    func `a fall does not go below nothing`() {
        let values = (0..<40).map { max(0, 100 - 3 * Double($0)) }
        for day in Self.forecast(values, days: 90).days {
            #expect(day.expected >= 0 && day.total.possible.lowerBound >= 0)
        }
    }

    @Test
    func `of a day that has not ended the rest is foretold`() throws {
        let full = Array(repeating: 24.0, count: 21)
        let forecast = Self.forecast(full + [6], passed: 0.25, days: 2)
        #expect(forecast.days.map(\.day) == [Self.day(21), Self.day(22), Self.day(23)])
        #expect(abs(forecast.days[0].expected - 18) < 0.1)
        #expect(abs(forecast.days[1].expected - 24) < 0.1)
        let today = try #require(forecast.total(from: Self.day(21), through: Self.day(21)))
        #expect(abs(today.expected - 24) < 0.1)
    }

    @Test
    func `a day that has just begun says nothing, and one that is nearly over as much as another`() {
        let full = Array(repeating: 24.0, count: 21)
        for day in Self.forecast(full + [0], passed: 0).days { #expect(abs(day.expected - 24) < 0.1) }
        let high = Self.forecast(full + [95], passed: 0.99, days: 5).days
        #expect(high[1].expected > 30)
        #expect(Self.forecast([5], passed: 0.5, days: 5).days.dropFirst().allSatisfy { abs($0.expected - 10) < 1e-6 })
        #expect(Self.forecast([0], passed: 0, days: 5).days.allSatisfy { $0.expected == 0 })
    }

    @Test
    func `one spike does not raise the days to come, a new level does`() {
        var spiky = Array(repeating: 10.0, count: 30)
        spiky[25] = 200
        let after = Self.forecast(spiky, days: 7).days.map(\.expected).reduce(0, +) / 7
        #expect(after < 14)
        let risen = Array(repeating: 10.0, count: 30) + Array(repeating: 30.0, count: 7)
        let level = Self.forecast(risen, days: 7).days.map(\.expected).reduce(0, +) / 7
        #expect(level > 19)
    }

    @Test
    func `where there was never spend, none is foretold`() throws {
        let forecast = Self.forecast([0, 0, 0])
        let total = try #require(forecast.total(from: Self.monday, through: Self.day(20)))
        #expect(total.expected == 0 && total.likely == 0...0 && total.possible == 0...0)
        #expect(Self.forecast([]).days.allSatisfy { $0.expected == 0 })
        #expect(forecast.exhaustion(of: 5) == nil)
    }

    @Test
    func `days before the first spend do not count`() {
        let late = Self.forecast(Array(repeating: 0, count: 60) + [10, 10, 10], days: 1).days
        #expect(late.allSatisfy { abs($0.expected - 10) < 1e-6 })
    }

    @Test
    func `what is no number counts as nothing`() {
        let odd = Self.forecast([10, .nan, -5, .infinity, 10, 10], days: 3).days
        #expect(odd.allSatisfy { $0.expected.isFinite && $0.expected >= 0 })
        let huge = Self.forecast(Array(repeating: .greatestFiniteMagnitude, count: 20), days: 40).days
        #expect(huge.allSatisfy { $0.total.possible.upperBound.isFinite })
        #expect(Self.forecast([1], days: 10_000_000).days.count == 1_100)
    }

    @Test
    func `the lower end is nothing where days without spend are not rare`() throws {
        let values = (0..<60).map { $0 % 3 == 0 ? 10.0 : 0 }
        let tomorrow = try #require(Self.forecast(values, days: 1).days.first)
        #expect(tomorrow.total.possible.lowerBound == 0)
        #expect(tomorrow.expected > 1)
    }

    @Test(arguments: SpendFamily.allCases)
    func `the same history gives the same forecast, and never one that is not a number`(family: SpendFamily) {
        let series = family.series(seed: 7)
        for count in [1, 2, 6, 7, 8, 13, 14, 15, 100, 150] {
            let history = DailySeries(first: series.first, values: Array(series.values.prefix(count)))
            let (one, two) = (
                Forecast(of: history, through: series.day(at: count + 40)),
                Forecast(of: history, through: series.day(at: count + 40))
            )
            #expect(one.days == two.days)
            #expect(one.days.allSatisfy { $0.expected.isFinite && $0.expected >= 0 })
        }
    }

    @Test
    func `a total needs a last day that is foretold, and days that are known before it`() {
        let forecast = Self.forecast([1, 2, 3], days: 5)
        #expect(forecast.total(from: Self.monday, through: Self.day(8)) == nil)
        #expect(forecast.total(from: Self.monday, through: Self.day(1)) == nil)
        #expect(forecast.total(from: Self.day(5), through: Self.day(7)) == nil)
        #expect(forecast.total(from: Self.day(3), through: Self.day(7)) != nil)
    }

    @Test
    func `months end where the calendar says`() {
        for (from, to) in [("2026-02-03", "2026-02-28"), ("2028-02-29", "2028-02-29"), ("2026-12-01", "2026-12-31")] {
            #expect(CalendarDay(from)?.lastOfMonth == CalendarDay(to))
        }
        #expect(CalendarDay("2026-12-31")?.firstOfMonth == CalendarDay("2026-12-01"))
    }
}
