import SiraCatalog
import SiraCore
import Testing

@Suite struct PriceSheetTests {
    private func sheet(_ prices: String) throws -> PriceSheet {
        let models = #"{"models":[{"provider":"p","id":"m","prices":["# + prices + "]}]}"
        return try #require(try CatalogTests.make(CatalogTests.providers, models).models.first).prices
    }

    private func time(_ day: String, minutes: Int64 = 0) throws -> Timestamp {
        let start = try #require(CalendarDay(day)).start
        return Timestamp(microseconds: start.microseconds + minutes * 60_000_000)
    }

    @Test func `a period holds until the next begins`() throws {
        let sheet = try sheet(#"{"from":"2025-03-01","input":2},{"input":1},{"from":"2026-01-01","input":3}"#)
        let input = { (day: String) in sheet.period(at: try time(day))?.standard.base.input }
        #expect(try input("2025-02-28") == 1)
        #expect(try input("2025-03-01") == 2)
        #expect(try input("2025-12-31") == 2)
        #expect(try input("2026-01-01") == 3)
    }

    @Test func `before the first dated period nothing is known`() throws {
        #expect(try sheet(#"{"from":"2025-03-01","input":2}"#).period(at: try time("2025-02-28")) == nil)
    }

    @Test func `a tier keeps what it does not name and holds above its limit only`() throws {
        let card = try #require(
            try sheet(#"{"input":1,"output":5,"tiers":[{"above":20,"input":4},{"above":10,"input":2,"output":6}]}"#)
                .periods.first?.standard
        )
        #expect(card.rates(input: 10) == Rates(input: 1, output: 5))
        #expect(card.rates(input: 11) == Rates(input: 2, output: 6))
        #expect(card.rates(input: 21) == Rates(input: 4, output: 6))
    }

    @Test func `a variant keeps the standard's prices and tiers of what it does not name`() throws {
        let period = try sheet(#"{"input":10,"output":20,"tiers":[{"above":5,"output":40}],"batch":{"input":1}}"#)
            .periods.first
        let batch = try #require(period?.variants[.batch])
        #expect(batch.rates(input: 5) == Rates(input: 1, output: 20))
        #expect(batch.rates(input: 6) == Rates(input: 1, output: 40))
    }

    @Test func `a window opens on its days, past midnight too`() throws {
        let window = try #require(
            try sheet(#"{"input":1,"time_of_day":[{"start":"22:00Z","end":"02:00Z","days":[5],"input":2}]}"#)
                .periods.first?.windows.first
        )
        // 2026-11-20 is a Friday.
        #expect(try !window.covers(time("2026-11-20", minutes: 22 * 60 - 1)))
        #expect(try window.covers(time("2026-11-20", minutes: 22 * 60)))
        #expect(try window.covers(time("2026-11-21", minutes: 119)))
        #expect(try !window.covers(time("2026-11-21", minutes: 120)))
        #expect(try !window.covers(time("2026-11-20", minutes: 60)))
        #expect(try !window.covers(time("2026-11-21", minutes: 23 * 60)))
    }
}
