import Foundation
import SiraCore
import SiraStorage
import SiraTenancy
import Testing

@testable import SiraSQLite

private let databaseToMeasure = ProcessInfo.processInfo.environment["SIRA_ANALYTICS_DB"]

private let isToBeRecounted = ProcessInfo.processInfo.environment["SIRA_ANALYTICS_RECOUNT"] != nil

/// How long reports take on a large database; see `Benchmarks/analytics.py`, which makes one and sets the variable.
@Suite(.serialized, .enabled(if: databaseToMeasure != nil, "SIRA_ANALYTICS_DB names a database to measure"))
struct AnalyticsFigures {
    @Test func `every report is there within 300 ms, nineteen times of twenty`() async throws {
        let database = try SQLiteDatabase(path: try #require(databaseToMeasure))
        // A new file is only given its tables.
        guard let last = try await database.usage.records(UsageFilter.one).first else { return try database.close() }
        let end = RollupPeriod.hour.end(of: last.startedAt)
        for report in AnalyticsReport.all(end: end, last) {
            var (walls, works): ([Double], [Double]) = ([], [])
            var lines = 0
            for _ in 0..<Self.rounds {
                let (start, cpu) = (ContinuousClock.now, Self.processorTime())
                lines = try await report.run(database)
                works.append(Self.processorTime() - cpu)
                walls.append((ContinuousClock.now - start) / .milliseconds(1))
            }
            let figures = [walls, works].map { $0.sorted() }.flatMap { [$0[$0.count / 2], $0[$0.count * 95 / 100]] }
            // The figures are what the suite is for.
            let row = [report.name, "\(lines)"] + figures.map { String(format: "%.1f", $0) }
            print("FIGURE | " + row.joined(separator: " | ") + " |")
            // A report is the work of one thread, so this is what it takes on a machine that does nothing else.
            #expect(lines > 0 && figures[3] <= 300, "\(report.name)")
        }
        try database.close()
    }

    private static let rounds = 20

    /// The milliseconds for which the process has kept processors busy.
    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1_000 + Double(time.tv_nsec) / 1_000_000
    }

    /// Whether the generator counts as Sira does; for small databases, since every record of the day is read.
    @Test(.enabled(if: isToBeRecounted)) func `the last day is what its records say`() async throws {
        let database = try SQLiteDatabase(path: try #require(databaseToMeasure))
        let last = try #require(try await database.usage.records(UsageFilter.one).first).startedAt
        let recount = RollupRecount(usage: database.usage, rollups: database.rollups)
        let differences = try await recount.differences(in: last..<last.advanced(by: .microseconds(1)))
        #expect(differences.isEmpty, "\(differences.first.map { "\($0)" } ?? "")")
        try database.close()
    }
}

extension UsageFilter {
    fileprivate static var one: UsageFilter {
        var filter = UsageFilter()
        filter.limit = 1
        return filter
    }
}

/// Something that people ask of their books.
struct AnalyticsReport {
    let name: String
    /// Gives how many lines there are.
    let run: (SQLiteDatabase) async throws -> Int

    private init(_ name: String, _ query: RollupQuery) {
        self.name = name
        run = { try await $0.rollups.totals(query).count }
    }

    private init(_ name: String, _ scope: Scope, since: Timestamp, by period: RollupPeriod) {
        self.name = name
        run = { try await $0.rollups.spend(scope, since: since, by: period).count }
    }

    /// A page of requests as the console asks for it, or what it counts and compares of them.
    private init(
        _ name: String,
        _ query: String,
        _ change: (inout RequestSearch) -> Void = { _ in },
        run: @escaping (any RequestStore, RequestSearch) async throws -> Int = Self.page
    ) {
        self.name = "console: " + name
        var search = RequestSearch()
        search.terms = (try? RequestQueryReader.read(query)) ?? []
        search.filter.limit = 50
        change(&search)
        self.run = { [search] in try await run($0.requests, search) }
    }

    /// An empty page that goes on is an answer as well.
    private static func page(_ store: any RequestStore, _ search: RequestSearch) async throws -> Int {
        let page = try await store.requests(search)
        return max(page.requests.count, page.isWhole ? 0 : 1)
    }

    private static func tally(_ store: any RequestStore, _ search: RequestSearch) async throws -> Int {
        try await store.tally(search, step: 60_000_000).slices.count
    }

    private static func samples(_ store: any RequestStore, _ search: RequestSearch) async throws -> Int {
        try await store.samples(search).samples.count
    }

    /// What the console's pages of requests ask.
    private static func console(end: Timestamp, _ record: UsageRecord) -> [AnalyticsReport] {
        let month = end.advanced(by: .seconds(-30 * 86_400))
        func since(_ time: Timestamp) -> (inout RequestSearch) -> Void { { $0.filter.since = time } }
        return [
            AnalyticsReport("newest", ""),
            AnalyticsReport("newest of one team", "") { $0.filter.team = record.team },
            AnalyticsReport("newest of one key", "") { $0.filter.key = record.key },
            AnalyticsReport("newest failures", "is:error"),
            AnalyticsReport("failures of one team, month", "is:error") {
                ($0.filter.team, $0.filter.since) = (record.team, month)
            },
            AnalyticsReport("by words, month", "model:\(record.model) latency:>1s -team:nobody", since(month)),
            AnalyticsReport("what is nowhere, month", "model:nothing*", since(month)),
            AnalyticsReport("a part of a name, month", "zzzzzz", since(month)),
            AnalyticsReport("one id", "id:\(record.request)"),
            AnalyticsReport("a page from the middle", "") { $0.filter.until = month },
            AnalyticsReport("dearest, month", "") { ($0.order, $0.filter.since) = (.cost, month) },
            AnalyticsReport("slowest of one team, month", "") {
                ($0.order, $0.filter.team, $0.filter.since) = (.latency, record.team, month)
            },
            AnalyticsReport("counts, month", "", since(month), run: tally),
            AnalyticsReport("counts of failures, month", "is:error", since(month), run: tally),
            AnalyticsReport(
                "what differs, month",
                "",
                { ($0.filter.since, $0.budget) = (month, RequestSearch.closeBudget) },
                run: samples
            ),
        ]
    }

    static func all(end: Timestamp, _ record: UsageRecord) -> [AnalyticsReport] {
        let hour = end.advanced(by: .seconds(-3_600))
        let day = end.advanced(by: .seconds(-86_400))
        let month = end.advanced(by: .seconds(-30 * 86_400))
        let odd = month.advanced(by: .seconds(-37 * 60))..<end.advanced(by: .seconds(-3 * 86_400 - 23 * 60))
        func query(
            _ since: Timestamp,
            by groups: Set<RollupDimension>,
            _ period: RollupPeriod = .day,
            _ measures: Set<UsageMeasure> = [.requests, .cost, .charge],
            _ latencies: Set<LatencyKind> = [],
            _ change: (inout RollupQuery) -> Void = { _ in }
        ) -> RollupQuery {
            var query = RollupQuery(from: since, until: end, by: groups)
            (query.period, query.measures, query.latencies) = (period, measures, latencies)
            change(&query)
            return query
        }
        func best(_ query: inout RollupQuery) { (query.order, query.limit) = (.descending(.cost), 10) }
        return console(end: end, record) + [
            AnalyticsReport(
                "every figure, day",
                query(day, by: [], .day, Set(UsageMeasure.allCases), [.duration, .timeToFirstToken])
            ),
            AnalyticsReport("every figure, month", query(month, by: [], .day, Set(UsageMeasure.allCases), [.duration])),
            AnalyticsReport("cost by day, month", query(month, by: [.time])),
            AnalyticsReport("every sum by day, month", query(month, by: [.time], .day, Set(UsageMeasure.allCases))),
            AnalyticsReport("cost by hour, month", query(month, by: [.time], .hour)),
            AnalyticsReport("cost by team, month", query(month, by: [.team])),
            AnalyticsReport("cost by team and day, month", query(month, by: [.time, .team])),
            AnalyticsReport("cost by project, 90 days", query(.earliest, by: [.project])),
            AnalyticsReport("model top 10, month", query(month, by: [.model], .day, [.cost, .requests], [], best)),
            AnalyticsReport("key top 10, month", query(month, by: [.key], .day, [.cost, .requests], [], best)),
            AnalyticsReport(
                "model top 10 of one team, month",
                query(month, by: [.model], .day, [.cost]) {
                    best(&$0)
                    $0.team = record.team
                }
            ),
            AnalyticsReport("team and model, month", query(month, by: [.team, .model])),
            AnalyticsReport("percentiles by model, hour", query(hour, by: [.model], .day, [], [.duration])),
            AnalyticsReport("percentiles by model, day", query(day, by: [.model], .day, [], [.duration])),
            AnalyticsReport("percentiles by model, month", query(month, by: [.model], .day, [], [.duration])),
            AnalyticsReport(
                "both percentiles by model and hour, day",
                query(day, by: [.time, .model], .hour, [], [.duration, .timeToFirstToken])
            ),
            AnalyticsReport("percentiles by team, month", query(month, by: [.team], .day, [], [.duration])),
            AnalyticsReport(
                "percentiles of one key, month",
                query(month, by: [], .day, [], [.duration]) { $0.key = record.key }
            ),
            AnalyticsReport("one key by minute, hour", query(hour, by: [.time], .minute) { $0.key = record.key }),
            AnalyticsReport(
                "one key's models by day, month",
                query(month, by: [.time, .model]) { $0.key = record.key }
            ),
            AnalyticsReport("all by minute, day", query(day, by: [.time], .minute)),
            AnalyticsReport(
                "team, range with odd minutes",
                query(odd.lowerBound, by: [.team]) { $0.until = odd.upperBound }
            ),
            AnalyticsReport(
                "team and model, range with odd minutes",
                query(odd.lowerBound, by: [.team, .model]) { $0.until = odd.upperBound }
            ),
            AnalyticsReport("by tag, month", query(month, by: [.tag])),
            AnalyticsReport("one tag by model, month", query(month, by: [.model]) { $0.tag = record.tags[0] }),
            AnalyticsReport(
                "user top 10, day",
                query(day, by: [.tag]) {
                    best(&$0)
                    $0.isByUser = true
                }
            ),
            AnalyticsReport(
                "user top 10, month",
                query(month, by: [.tag]) {
                    best(&$0)
                    $0.isByUser = true
                }
            ),
            AnalyticsReport(
                "errors by provider and hour, day",
                query(day, by: [.time, .provider], .hour, [.errors, .requests])
            ),
            AnalyticsReport(
                "errors by provider and hour, month",
                query(month, by: [.time, .provider], .hour, [.errors, .requests])
            ),
            AnalyticsReport("spend of the gateway by day, month", .gateway, since: month, by: .day),
            AnalyticsReport("spend of each team by hour, week", Scope(.team, "*"), since: end.week, by: .hour),
            AnalyticsReport("spend of each key by day, month", Scope(.key, "*"), since: month, by: .day),
            AnalyticsReport("spend of one key by minute, day", Scope(.key, record.key), since: day, by: .minute),
        ]
    }
}

extension Timestamp {
    /// A week before.
    fileprivate var week: Timestamp { advanced(by: .seconds(-7 * 86_400)) }
}
