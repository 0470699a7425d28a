import ArgumentParser
import SiraJSON

/// `sira alerts`.
struct AlertsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alerts",
        abstract: "Show what needs somebody, and what was told of late.",
        discussion: "Asks a gateway that runs.",
        subcommands: [AlertsListCommand.self],
        defaultSubcommand: AlertsListCommand.self
    )
}

/// `sira alerts list`, which `sira alerts` is too.
struct AlertsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List alerts. (default)")

    @OptionGroup var options: AdminOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await options.ask("GET", "/api/v1/alerts")
        try output.print(answer: answer) { json in
            var now = TextTable("rule", "subject", "state", "#figure", "basis")
            let conditions = json["conditions"].map { Array($0.elements) } ?? []
            for condition in conditions {
                now.add(
                    (condition["rule"]?.string ?? "").visible,
                    (condition["subject"]?.string ?? "").visible,
                    condition["phase"]?.string ?? "",
                    condition["figure"]?.double.map { "\($0)" } ?? "",
                    (condition["basis"]?.string ?? "").visible
                )
            }
            var told = TextTable("time", "what", "kind", "subject", "severity")
            for alert in json["recent"].map({ Array($0.elements) }) ?? [] {
                told.add(
                    alert["at"]?.string ?? "",
                    alert["occasion"]?.string ?? "",
                    alert["kind"]?.string ?? "",
                    (alert["subject"]?.string ?? "").visible,
                    alert["severity"]?.string ?? ""
                )
            }
            let first = conditions.isEmpty ? "All is well." : now.text
            return first + "\n\nTold of late:\n" + told.text
        }
    }
}
