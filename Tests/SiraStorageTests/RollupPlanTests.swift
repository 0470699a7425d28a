import SiraCore
import SiraStorage
import SiraTesting
import Testing

@Suite struct RollupPlanTests {
    private let minute = RollupPeriod.minute.microseconds
    private let day = RollupPeriod.day.microseconds

    private func query(_ since: Int64?, _ until: Int64?, by groups: Set<RollupDimension> = []) -> RollupQuery {
        RollupQuery(
            from: since.map { Timestamp(microseconds: $0 * minute) },
            until: until.map { Timestamp(microseconds: $0 * minute) },
            by: groups
        )
    }

    /// Period and bounds in minutes.
    private func shape(_ plan: RollupPlan) -> [String] {
        plan.segments.map { segment in
            let period = segment.period.map { "\($0)" } ?? "records"
            let bounds = (segment.range.lowerBound.microseconds, segment.range.upperBound.microseconds)
            return "\(period) \(bounds.0 / minute)..<\(bounds.1 / minute)"
        }
    }

    @Test func `days are inside, hours and minutes at the ends`() {
        let plan = RollupPlan(query(1_337, 4 * 1_440 + 125))
        #expect(
            shape(plan) == [
                "minute 1337..<1380", "hour 1380..<1440", "day 1440..<5760", "hour 5760..<5880", "minute 5880..<5885",
            ]
        )
    }

    @Test func `what is shorter than a slice takes shorter ones`() {
        #expect(shape(RollupPlan(query(61, 64))) == ["minute 61..<64"])
        #expect(shape(RollupPlan(query(50, 70))) == ["minute 50..<70"])
        #expect(RollupPlan(query(64, 64)).segments.isEmpty && RollupPlan(query(64, 61)).segments.isEmpty)
    }

    @Test func `a series by hour is put together from hours and minutes alone`() {
        var series = query(30, 3_000, by: [.time])
        series.period = .hour
        #expect(shape(RollupPlan(series)) == ["minute 30..<60", "hour 60..<3000"])
    }

    @Test func `an open end is open`() throws {
        let plan = RollupPlan(query(nil, 90))
        #expect(plan.segments.first?.period == .day && plan.segments.first?.range.lowerBound == .earliest)
        var inexact = RollupQuery(.hour)
        inexact.until = Timestamp(microseconds: .max)
        #expect(RollupPlan(inexact).segments.map(\.range.upperBound) == [.latest])
    }

    @Test func `where short slices are gone, records take their place, and longer slices where those are gone too`() {
        let kept = Timestamp(microseconds: 3 * day)
        let query = query(1_441, 4 * 1_440 + 5)
        var holdings = RollupPlan.Holdings(minutes: kept, hours: .earliest, records: .earliest)
        #expect(
            shape(RollupPlan(query, holdings: holdings)) == [
                "records 1441..<1500", "hour 1500..<2880", "day 2880..<5760", "minute 5760..<5765",
            ]
        )
        holdings.records = kept
        #expect(shape(RollupPlan(query, holdings: holdings)).first == "hour 1441..<1500")
        holdings.hours = kept
        #expect(
            shape(RollupPlan(query, holdings: holdings)).prefix(3) == [
                "day 1441..<1500", "day 1500..<2880", "day 2880..<5760",
            ]
        )
    }

    @Test func `a plan covers its range without gap or overlap`() {
        var random = SeededRandom(seed: 4)
        for _ in 0..<500 {
            let since = Int64.random(in: -10_000...10_000, using: &random)
            let until = since + Int64.random(in: 1...10_000, using: &random)
            var query = query(since, until, by: Bool.random(using: &random) ? [.time] : [])
            query.period = RollupPeriod.allCases.randomElement(using: &random) ?? .day
            let segments = RollupPlan(query).segments
            #expect(segments.first?.range.lowerBound.microseconds == since * minute)
            #expect(segments.last?.range.upperBound.microseconds == until * minute)
            for (one, next) in zip(segments, segments.dropFirst()) {
                #expect(one.range.upperBound == next.range.lowerBound)
            }
            for segment in segments {
                guard let period = segment.period else { continue }
                #expect(period.start(of: segment.range.lowerBound) == segment.range.lowerBound)
                #expect(period.end(of: segment.range.upperBound) == segment.range.upperBound)
            }
        }
    }
}
