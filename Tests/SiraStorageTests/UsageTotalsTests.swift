import SiraCore
import SiraStorage
import Testing

@Suite struct UsageTotalsTests {
    private let record = UsageRecord(request: RequestID(high: 1, low: 2), startedAt: Timestamp(microseconds: -1))

    @Test func `a missing cost is told apart by what is missing`() {
        var record = record
        #expect(record.costGap == .unknownUsage)
        record.usageBasis = .partial
        #expect(record.costGap == .unknownUsage)
        record.usageBasis = .provider
        #expect(record.costGap == .unpriced)
        record.cost = .zero
        #expect(record.costGap == nil)
    }

    @Test func `where no provider was asked, no cost is missing`() {
        var record = record
        record.attempt = 0
        #expect(record.costGap == nil)
    }

    @Test func `attempts that others followed are no requests and no errors, and their cost counts`() {
        var record = record
        record.isFinal = false
        record.outcome = .upstreamError
        record.cost = NanoUSD(nanos: 7)
        record.duration = 5
        let totals = UsageTotals(record)
        #expect(totals.attempts == 1)
        #expect(totals.requests == 0 && totals.errors == 0 && totals.duration == 0)
        #expect(totals.cost.nanos == 7 && totals.failureCost.nanos == 7)
    }

    @Test func `only what ended well is in the distributions, and of first tokens only streams`() {
        var record = record
        (record.duration, record.timeToFirstToken) = (9, 3)
        #expect(UsageTotals(record).durations.count == 1 && UsageTotals(record).timesToFirstToken.isEmpty)
        record.isStream = true
        #expect(UsageTotals(record).timesToFirstToken.count == 1)
        record.outcome = .upstreamError
        let totals = UsageTotals(record)
        #expect(totals.durations.isEmpty && totals.timesToFirstToken.isEmpty && totals.duration == 9)
    }

    @Test func `no more prompts are read from a cache than a provider answered`() {
        var record = record
        record.usage.cacheRead = 5
        #expect(UsageTotals(record).cached == 1)
        record.outcome = .cancelled
        #expect(UsageTotals(record).cached == 0)
        (record.outcome, record.attempt) = (.ok, 0)
        #expect(UsageTotals(record).cached == 0)
    }

    @Test func `answers of a session are neither failures nor repetitions`() {
        var record = record
        (record.status, record.isFinal, record.cost) = (UsageRecord.sessionStatus, false, NanoUSD(nanos: 7))
        #expect(UsageTotals(record).failureCost == .zero)
        (record.isFinal, record.attempt) = (true, 4)
        #expect(UsageTotals(record).retried == 0)
        record.status = 200
        #expect(UsageTotals(record).retried == 1)
    }

    @Test func `a correction changes amounts and usage, and counts nothing`() {
        var record = record
        (record.isCorrection, record.outcome, record.duration) = (true, .upstreamError, 9)
        record.usage.output = -4
        #expect(record.costGap == nil)
        record.cost = NanoUSD(nanos: -7)
        let totals = UsageTotals(record)
        #expect(totals.requests == 0 && totals.errors == 0 && totals.attempts == 0 && totals.duration == 0)
        #expect(totals.cost.nanos == -7 && totals.output == -4)
    }

    @Test func `slices of time begin at whole minutes, before 1970 too`() {
        #expect(RollupPeriod.minute.start(of: Timestamp(microseconds: -1)).microseconds == -60_000_000)
        #expect(RollupPeriod.day.start(of: Timestamp(microseconds: 86_400_000_000)).microseconds == 86_400_000_000)
    }

    @Test func `names that reached no provider do not make lines`() {
        var record = record
        record.requestedModel = "made-up"
        #expect(RollupKey(record, period: .day).requestedModel == "")
        record.provider = "p"
        #expect(RollupKey(record, period: .day).requestedModel == "made-up")
    }

    @Test func `a record is counted once for each of its tags`() {
        var record = record
        record.tags = ["a", "a", "b", ""]
        var sums = RollupSums()
        sums.add(record)
        for view in RollupView.allCases {
            let lines = sums.lines.filter { $0.key.period == .hour && $0.key.view == view && $0.value.attempts == 1 }
            #expect(lines.map(\.key.tag).sorted() == ["", "a", "b"])
        }
    }

    @Test func `an end user is a tag of its own, and no key's tag can pass for one`() {
        var record = record
        (record.tags, record.user, record.key) = (["user:eve"], "anna", "k")
        var sums = RollupSums()
        sums.add(record)
        let lines = sums.lines.keys.filter { $0.period == .day }
        #expect(Set(lines.filter(\.isOfUser).map(\.tag)) == ["user:anna"])
        #expect(Set(lines.filter(\.isOfUser).map(\.view)) == [.whole, .demand] && lines.count == 5)
        #expect(sums.lines.keys.filter { $0.period == .minute }.count == 3)
    }

    @Test func `hours and days are the sums of their minutes`() {
        var sums = RollupSums()
        for minute in 0..<90 {
            var record = UsageRecord(
                request: RequestID(high: 1, low: UInt64(minute)),
                startedAt: Timestamp(microseconds: Int64(minute) * 60_000_000)
            )
            record.cost = NanoUSD(nanos: 3)
            sums.add(record)
            sums.add(record)
        }
        let lines = sums.lines
        func costs(_ period: RollupPeriod) -> [Int64] {
            lines.filter { $0.key.period == period && $0.key.view == .whole }.sorted { $0.key.start < $1.key.start }
                .map(\.value.cost.nanos)
        }
        #expect(costs(.minute) == Array(repeating: 6, count: 90))
        #expect(costs(.hour) == [360, 180])
        #expect(costs(.day) == [540])
    }
}
