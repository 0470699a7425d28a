import SiraCore
import SiraJSON
import SiraStorage

/// How many requests there are, of each kind and over time.
struct RequestSummary: Sendable {
    /// Nil where that is not known.
    var all: Int?
    var errors: Int?
    /// Of kept sums, those that ended well alone: of others it is not kept how long they took.
    var slow: Int?
    var cached: Int?
    var blocked: Int?
    /// In microseconds.
    var step: Int64
    var range: Range<Timestamp>
    var slices: [Timestamp: RequestTally.Slice] = [:]
    /// When the oldest of those that were counted arrived, where not all were.
    var sampledSince: Timestamp?

    func write(to json: inout JSONWriter) {
        json.object("counts") { json in
            json.member("all", count: all)
            json.member("errors", count: errors)
            json.member("slow", count: slow)
            json.member("cached", count: cached)
            json.member("blocked", count: blocked)
        }
        let first = range.lowerBound.microseconds / step * step
        let starts = stride(from: first, to: range.upperBound.microseconds, by: Int(step)).map {
            Timestamp(microseconds: $0)
        }
        json.object("histogram") { json in
            json.member("step", Double(step) / 1_000_000)
            json.array("t") { list in for start in starts { list.element(start.seconds) } }
            json.array("ok") { list in for start in starts { list.element(slices[start]?.ok ?? 0) } }
            json.array("bad") { list in for start in starts { list.element(slices[start]?.bad ?? 0) } }
        }
        json.member("sampled", sampledSince != nil)
        json.member("sampled_since", known: sampledSince?.description)
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ key: StaticString, count: Int?) {
        if let count { member(key, count) } else { null(key) }
    }
}

extension RequestTally {
    /// The lengths of slices that people can read, in seconds.
    private static let steps: [Int64] = [1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400]
    /// The most slices.
    private static let most: Int64 = 150
    private static let usualSpan = Duration.seconds(-3_600)

    /// Counts what a question is about: line by line where these are few, and from kept sums where they are many.
    static func of(_ question: RequestQuestion, _ source: ReportSource, now: Timestamp) async throws -> RequestSummary {
        var search = question.search
        let until = search.filter.until ?? now
        let since = search.filter.since ?? until.advanced(by: usualSpan)
        (search.filter.since, search.filter.until, search.order) = (since, until, .time)
        search.filter.after = nil
        let span = max(1, (until.microseconds - since.microseconds) / 1_000_000)
        var step = (steps.first { span / $0 <= most } ?? 7 * 86_400) * 1_000_000
        let tally = try await source.requests.tally(search, step: step)
        var summary = RequestSummary(step: step, range: since..<until)
        let counts = tally.counts
        guard !tally.isWhole, question.isOfSums else {
            (summary.all, summary.errors, summary.slow) = (counts.all, counts.errors, counts.slow)
            (summary.cached, summary.blocked, summary.slices) = (counts.cached, counts.blocked, tally.slices)
            summary.sampledSince = tally.isWhole ? nil : tally.since
            return summary
        }
        step = max(step, 60_000_000)
        summary.step = step
        try await summary.readSums(search, source)
        return summary
    }
}

extension RequestSummary {
    /// Takes from the roll-ups what they know.
    fileprivate mutating func readSums(_ search: RequestSearch, _ source: ReportSource) async throws {
        let period: RollupPeriod = step < 3_600_000_000 ? .minute : step < 86_400_000_000 ? .hour : .day
        var query = RollupQuery(period, by: [.time])
        (query.since, query.until, query.isExact) = (range.lowerBound, range.upperBound, true)
        query.narrow(to: search.filter)
        (query.measures, query.latencies) = ([.requests, .errors, .blocked, .cached], [])
        var whole = UsageTotals()
        for line in try await source.rollups.totals(query) {
            guard let start = line.start else { continue }
            let slice = Timestamp(microseconds: start.microseconds / step * step)
            let (requests, failed) = (Int(line.totals.requests), Int(line.totals.errors))
            slices[slice, default: RequestTally.Slice()].ok += requests - failed
            slices[slice, default: RequestTally.Slice()].bad += failed
            whole += line.totals
        }
        (all, errors) = (Int(whole.requests), Int(whole.errors))
        (blocked, cached) = (Int(whole.blocked), Int(whole.cached))
        (query.groups, query.measures, query.latencies) = ([], [], [.duration])
        let sketch = try await source.rollups.totals(query).first?.totals.durations
        slow = Int(clamping: sketch?.count(above: search.slow) ?? 0)
    }
}
