import SiraCore
import SiraStorage
import Testing

@testable import SiraAdmin

@Suite struct MetricTests {
    private func totals(_ outcomes: [(Outcome, Int)]) -> UsageTotals {
        var totals = UsageTotals()
        for (outcome, count) in outcomes {
            for _ in 0..<count {
                var record = UsageRecord(request: RequestID(high: 1, low: 1), startedAt: Timestamp(microseconds: 0))
                (record.outcome, record.duration, record.cost) = (outcome, 1_000, NanoUSD(nanos: 1_000_000_000))
                totals += UsageTotals(record)
            }
        }
        return totals
    }

    @Test func `success leaves out what callers did themselves`() {
        let sums = totals([(.ok, 8), (.upstreamError, 1), (.limited, 1), (.cancelled, 5), (.clientError, 5)])
        let success = Metric.success.figure(sums, seconds: 60)
        #expect(success.value == 0.8 && success.samples == 10)
        #expect(success.parts.first { $0.name.description == "over_all" }?.value == 0.4)
        #expect(Metric.errorRate.figure(sums, seconds: 60).value == 1.0 / 15)
    }

    @Test func `outcomes are all there is`() {
        let sums = totals(Outcome.allCases.map { ($0, 3) })
        let parts: [Metric] = [.ok, .failed, .limited, .blocked, .cancelled, .clientErrors]
        let sum = parts.reduce(0) { $0 + ($1.figure(sums, seconds: 1).value ?? 0) }
        #expect(sum == Metric.requests.figure(sums, seconds: 1).value)
    }

    @Test func `too few samples say nothing, and why`() {
        let few = totals([(.ok, 4)])
        for metric in [Metric.p95, .success] {
            let figure = metric.figure(few, seconds: 1)
            #expect(figure.value == nil && figure.reason == "too_few_samples" && figure.samples == 4)
        }
        #expect(Metric.success.figure(UsageTotals(), seconds: 1).reason == "no_samples")
        #expect(Metric.requests.figure(UsageTotals(), seconds: 1).value == 0)
        #expect(Metric.routingAccuracy.figure(few, seconds: 1).reason == "not_measured")
    }

    @Test func `parts of sums add up to them`() {
        var record = UsageRecord(request: RequestID(high: 1, low: 1), startedAt: Timestamp(microseconds: 0))
        (record.usage.input, record.usage.cacheRead) = (100, 30)
        (record.usage.output, record.usage.reasoning) = (50, 20)
        (record.cacheSavings, record.routingSavings) = (NanoUSD(nanos: 5), NanoUSD(nanos: 7))
        (record.cost, record.outcome) = (NanoUSD(nanos: 9), .upstreamError)
        let sums = UsageTotals(record)
        for metric in [Metric.tokens, .savings, .spend] {
            let figure = metric.figure(sums, seconds: 1)
            let parts = figure.parts.reduce(0) { $0 + ($1.value ?? 0) }
            #expect(abs(parts - (figure.value ?? -1)) < 1e-12, "\(metric)")
        }
        #expect(Metric.costOfFailures.figure(sums, seconds: 1).value == 9e-9)
    }

    @Test(arguments: [
        ("Asia/Shanghai", "2026-03-05T17:00:00Z", "2026-03-05T16:00:00Z", "2026-02-28T16:00:00Z"),
        ("UTC", "2026-03-05T17:00:00Z", "2026-03-05T00:00:00Z", "2026-03-01T00:00:00Z"),
        // Clocks go on at two on the 29th of March.
        ("Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", "2026-02-28T23:00:00Z"),
        ("Europe/Berlin", "2026-03-30T12:00:00Z", "2026-03-29T22:00:00Z", "2026-02-28T23:00:00Z"),
        // Clocks go from midnight on to one on the 6th of September.
        ("America/Santiago", "2026-09-06T12:00:00Z", "2026-09-06T04:00:00Z", "2026-09-01T04:00:00Z"),
    ])
    func `days and months begin at local midnight`(zone: String, time: String, day: String, month: String) throws {
        let zone = try ConsoleZone(zone)
        let now = try #require(Timestamp(iso8601: time))
        #expect(zone.day(of: now) == Timestamp(iso8601: day))
        #expect(zone.month(of: now) == Timestamp(iso8601: month))
        #expect(
            zone.slices(of: now..<now.advanced(by: .seconds(1)), step: 86_400, limit: 9) == [Timestamp(iso8601: day)]
        )
    }

    @Test func `what grew the most is told first`() {
        func samples(_ provider: String, _ count: Int, bad: Bool) -> [RequestSample] {
            Array(
                repeating: RequestSample(
                    values: ["provider": provider, "type": "chat"],
                    isBad: bad,
                    isError: bad,
                    duration: 1,
                    cost: nil
                ),
                count: count
            )
        }
        let bad = samples("a", 9, bad: true) + samples("b", 1, bad: true)
        let usual = samples("a", 50, bad: false) + samples("b", 50, bad: false)
        let lifts = DifferencesEndpoint.lifts(bad, bad + usual, usual)
        #expect(lifts.map(\.value) == ["a"])
        #expect(lifts.first?.badShare == 0.9 && lifts.first?.baselineShare == 0.5 && lifts.first?.count == 59)
    }

    @Test(arguments: [
        ("=1+1", "'=1+1"), ("+x", "'+x"), ("@a", "'@a"), ("-5", "'-5"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""),
        ("a\"\u{301}b", "\"a\"\"\u{301}b\""), ("\"\u{20E3}", "\"\"\"\u{20E3}\""), ("＝1", "'＝1"),
        ("=\u{338}1", "'=\u{338}1"),
        ("plain", "plain"), ("=a,\"b", "\"'=a,\"\"b\""), ("\r=x", "\"'\r=x\""),
    ])
    func `a cell is a text and no formula`(text: String, cell: String) { #expect(RequestTable.cell(text) == cell) }
}
