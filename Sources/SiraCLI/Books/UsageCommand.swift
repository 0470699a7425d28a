import ArgumentParser
import SiraCore
import SiraJSON
import SiraSQLite
import SiraStorage
import SiraTenancy

/// `sira usage`.
struct UsageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage",
        abstract: "Sum up requests, tokens and costs.",
        discussion: """
            A request counts once, its tokens and costs for every attempt at a provider. Times are UTC; stretches \
            begin and end at full hours, by day at midnight.
            """
    )

    @Option(
        help: ArgumentHelp(
            "What to break the sums down by: \(UsageBreakdown.names); several with commas between.",
            valueName: "team,model"
        ),
        transform: UsageBreakdown.read
    )
    var by: UsageBreakdown?

    @Flag(help: "Show charges, savings and how long requests took.")
    var wide = false

    @Option(help: ArgumentHelp("From when on.", valueName: "7d|2026-11-01|2026-11-01T08:00Z"), transform: Moment.read)
    var since: Moment = .span(.week)

    @Option(
        help: ArgumentHelp("Until when; a day counts in full. (default: now)", valueName: "1d|2026-11-30"),
        transform: Moment.read
    )
    var until: Moment?

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let query = self.query(now: CommandContext.current.clock.now())
        let report = try await options.withDatabase { database in
            let lines = try await database.rollups.totals(query)
            let keys = query.groups.contains(.key) ? try await database.keys.allKeys() : []
            let names = Dictionary(keys.map { ($0.id, $0.name) }) { first, _ in first }
            return UsageReport(query: query, lines: lines, names: names, by: by)
        }
        output.print { json in
            json.object { report.write(to: &$0) }
        } plain: {
            report.plain(isWide: wide)
        }
    }

    private func query(now: Timestamp) -> RollupQuery {
        var query = RollupQuery(by?.period ?? .hour, by: by?.groups ?? [])
        query.isByUser = by?.words.contains(.user) ?? false
        query.since = query.period.start(of: since.beginning(now: now))
        query.until = until?.end(now: now)
        return query
    }
}
