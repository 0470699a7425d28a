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
                lines = try await report.run(database.rollups)
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
    let run: (any RollupStore) async throws -> Int

    private init(_ name: String, _ query: RollupQuery) {
        self.name = name
        run = { try await $0.totals(query).count }
    }

    private init(_ name: String, _ scope: Scope, since: Timestamp, by period: RollupPeriod) {
        self.name = name
        run = { try await $0.spend(scope, since: since, by: period).count }
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
        return [
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
