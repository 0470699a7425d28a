import SiraCore
import SiraStorage
import Testing

@testable import SiraAdmin

@Suite struct SeriesSlicesTests {
    private static let year: Range<Timestamp> =
        Timestamp(microseconds: 1_767_225_600_000_000)..<Timestamp(microseconds: 1_798_761_600_000_000)

    private func question(_ zone: String, _ range: Range<Timestamp>, step: Int64) throws -> SeriesQuestion {
        SeriesQuestion(
            range: range,
            step: step,
            zone: try ConsoleZone(zone),
            groups: [],
            isByUser: false,
            isByTotal: true,
            filter: UsageFilter(),
            metrics: [.requests],
            limit: 8
        )
    }

    private func time(_ text: String) throws -> Timestamp { try #require(Timestamp(iso8601: text)) }

    private static let zones = [
        "UTC", "Europe/Berlin", "America/New_York", "America/Santiago", "Asia/Kolkata", "Australia/Lord_Howe",
        "Africa/Casablanca", "Asia/Beirut", "Pacific/Chatham",
    ]

    @Test(arguments: SeriesSlicesTests.zones) func `every minute of a year is in one slice`(zone: String) throws {
        for step in [1_800, 3_600, 7_200, 14_400, 18_000, 43_200, 82_800, 86_400, 7 * 86_400] as [Int64] {
            // As much at a time as there may be slices for.
            var from = Self.year.lowerBound
            while from < Self.year.upperBound {
                let until = min(from.advanced(by: .seconds(step * 1_000)), Self.year.upperBound)
                let question = try question(zone, from..<until, step: step)
                try check(question, from..<until, "\(zone) \(step)")
                from = until
            }
        }
    }

    private func check(_ question: SeriesQuestion, _ range: Range<Timestamp>, _ what: Comment) throws {
        let slices = question.slices
        try #require(slices[0] <= range.lowerBound && slices[slices.count - 1] < range.upperBound, what)
        for (index, slice) in slices.enumerated() {
            let end = index + 1 < slices.count ? slices[index + 1] : range.upperBound
            // The last one of a day is shorter where the step does not go into it; days have 23 to 25 hours.
            let length = (end.microseconds - slice.microseconds) / 1_000_000
            try #require(length > 0 && length <= question.step + (question.step < 86_400 ? 0 : 3_600), what)
            let last = Timestamp(microseconds: end.microseconds - 60_000_000)
            for minute in [max(slice, range.lowerBound), last] {
                try #require(question.slice(of: minute) == slice, what)
            }
        }
    }

    @Test(arguments: [
        ("Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", 23),
        ("Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", 25),
        ("America/New_York", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z", 23),
        ("America/Santiago", "2026-09-06T04:00:00Z", "2026-09-07T03:00:00Z", 23),
    ])
    func `a day on which clocks are set has slices from its start to its end`(
        zone: String,
        from: String,
        until: String,
        hours: Int64
    ) throws {
        let day = try time(from)..<time(until)
        let question = try question(zone, day, step: 14_400)
        let starts = stride(from: 0, to: hours, by: 4).map { day.lowerBound.advanced(by: .seconds($0 * 3_600)) }
        #expect(question.slices == starts)
        let seconds = question.slices.indices.reduce(0) { $0 + question.seconds(ofSlice: $1, now: day.upperBound) }
        #expect(seconds == Double(hours) * 3_600)
        #expect(try self.question(zone, day, step: 86_400).slices == [day.lowerBound])
    }

    @Test func `days are those of UTC where clocks never differ from it alone`() throws {
        #expect(try ConsoleZone("Europe/London").offsets(in: Self.year) == [0, 3_600])
        #expect(try ConsoleZone("UTC").offsets(in: Self.year) == [0])
        #expect(try ConsoleZone("Australia/Lord_Howe").offsets(in: Self.year) == [37_800, 39_600])
    }

    @Test func `rates are over what has been and was asked for`() throws {
        let range = try time("2026-11-20T10:20:30Z")..<time("2026-11-20T13:00:00Z")
        let question = try question("UTC", range, step: 3_600)
        let now = try time("2026-11-20T12:15:00Z")
        #expect(question.slices.indices.map { question.seconds(ofSlice: $0, now: now) } == [2_400, 3_600, 900])
    }

    @Test func `a range is told in whole minutes that have been`() throws {
        let now = try time("2026-11-20T12:15:20Z")
        let range = try time("2026-11-20T10:20:30Z")..<time("2026-11-20T13:00:01Z")
        let first = try time("2026-11-20T10:20:00Z")
        let ends = try (time("2026-11-20T13:01:00Z"), time("2026-11-20T12:16:00Z"))
        #expect(range.minutes == first..<ends.0)
        #expect(range.minutes.ending(by: now) == first..<ends.1)
        let later = try (time("2026-11-21T00:00:00Z"), time("2026-11-21T00:01:00Z"), time("2026-11-22T00:00:00Z"))
        #expect((later.0..<later.2).ending(by: now) == later.0..<later.1)
    }
}
