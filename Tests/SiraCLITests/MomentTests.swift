import SiraCore
import Testing

@testable import SiraCLI

@Suite struct MomentTests {
    @Test(arguments: [("90s", 90), ("15m", 900), ("24h", 86_400), ("30d", 2_592_000), ("2w", 1_209_600), ("0s", 0)])
    func `lengths of time are read`(text: String, seconds: Int) {
        #expect(Span(argument: text)?.duration == .seconds(seconds))
    }

    @Test(arguments: ["", "s", "7", "-1d", "1.5h", "7 d", "1y", "99999999999999999999d", "9000000000000d", "٣d"])
    func `other texts are no lengths of time`(text: String) {
        #expect(Span(argument: text) == nil)
    }

    @Test func `a day begins at midnight and ends at the next`() throws {
        let day = try #require(Moment(argument: "2026-11-21"))
        #expect(day.beginning(now: Session.now).description == "2026-11-21T00:00:00.000Z")
        #expect(day.end(now: Session.now).description == "2026-11-22T00:00:00.000Z")
        #expect(day.deadline(now: Session.now).description == "2026-11-22T00:00:00.000Z")
    }

    @Test func `a length of time goes back from now, and forward for deadlines`() throws {
        let hour = try #require(Moment(argument: "1h"))
        #expect(hour.beginning(now: Session.now).description == "2026-11-21T05:30:00.000Z")
        #expect(hour.deadline(now: Session.now).description == "2026-11-21T07:30:00.000Z")
    }

    @Test func `times are read in UTC only`() {
        let expected = "2026-11-21T04:26:00.000Z"
        #expect(Moment(argument: "2026-11-21T04:26:00Z")?.beginning(now: Session.now).description == expected)
        #expect(Moment(argument: "2026-11-21T04:26Z")?.beginning(now: Session.now).description == expected)
        for text in ["2026-11-21T04:26:00", "2026-02-30", "2026-11-21T24:00Z", "2026-11-21T4:26Z", "yesterday"] {
            #expect(Moment(argument: text) == nil)
        }
    }
}
