import ArgumentParser
import SiraCore
import SiraInsight
import SiraJSON
import SiraSQLite
import SiraTenancy

/// `sira anomalies`.
struct AnomaliesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "anomalies",
        abstract: "List hours that are unlike the same hours before.",
        discussion: """
            Hours (UTC) that have ended are compared with the same hour of the same weekday, or of the days before while \
            there are less than three weeks.
            """
    )

    @Option(help: ScopeOption.help, transform: ScopeOption.read)
    var scope: Scope = .gateway

    @Option(help: "What is looked at.")
    var measure: AnomalyReport.Measure = .spend

    @Option(help: "How many days are looked at.")
    var days = 7

    @Option(
        help: ArgumentHelp(
            "What is no further from the expected is never odd, in dollars, requests or a share.",
            valueName: "number"
        )
    )
    var leastChange: Double?

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...AnomalyReport.longest).contains(days) else {
            throw ValidationError("--days must be from 1 to \(AnomalyReport.longest).")
        }
        if let leastChange, !(leastChange >= 0 && leastChange.isFinite) {
            throw ValidationError("--least-change must be a number that is not negative.")
        }
    }

    func run() async throws {
        let now = CommandContext.current.clock.now()
        let report = try await options.withDatabase { database in
            try await AnomalyReport.read(
                database.rollups,
                [scope],
                measure,
                days: days,
                leastChange: leastChange,
                now: now
            )
        }
        output.print { json in
            json.object { report.write(to: &$0) }
        } plain: {
            guard !report.findings.isEmpty else { return "No hour was odd." }
            var table = TextTable("hour", "finding")
            for finding in report.findings { table.add(finding.hour.minute, finding.reason) }
            return table.text
        }
    }
}

extension AnomalyReport.Measure: ExpressibleByArgument {}
