import ArgumentParser
import Foundation
import SiraApp
import SiraCore
import SiraInsight
import SiraJSON
import SiraSQLite

/// `sira reconcile`.
struct ReconcileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Compare a provider's export with the books.",
        discussion: """
            Tells by day and model where they differ, by how much, and why most likely. Days are those that the export \
            is about.
            """
    )

    /// In which form the export is.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case openaiCosts = "openai_costs"
        case openaiUsage = "openai_usage"
        case anthropicUsage = "anthropic_usage"
        case anthropicCost = "anthropic_cost"
        case csv
    }

    @Argument(help: ArgumentHelp("The export; `-` for standard input.", valueName: "file"))
    var file: String

    @Option(help: "Whose export it is, as the configuration names the provider.")
    var provider: String

    @Option(help: "The form of the export.")
    var format: Format

    @Option(
        help: ArgumentHelp(
            "For csv: which column holds something, or how it is to be read; may be given again. There are "
                + UsageColumns.settings.joined(separator: ", ") + ".",
            valueName: "input=Prompt tokens"
        )
    )
    var column: [String] = []

    @Option(
        help: ArgumentHelp("The provider's id of a key that the gateway uses; may be given again.", valueName: "id")
    )
    var key: [String] = []

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let export = try read()
        var reconciliation = Reconciliation(provider: provider, catalog: try options.world().catalog)
        reconciliation.gatewayKeys = Set(key)
        let own = try await options.withDatabase { database in
            try await OwnUsageLine.read(database.rollups, of: provider, on: export.days)
        }
        let report = reconciliation.report(export, against: own)
        output.print { json in
            json.object { report.write(to: &$0) }
        } plain: {
            ReconciliationText.text(of: report)
        }
    }

    private func read() throws -> UsageImport {
        guard
            let data = file == "-"
                ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: file)
        else { throw CommandFailure("There is no file \(file) that can be read.") }
        do throws(UsageImportError) {
            return try form().read([UInt8](data))
        } catch {
            throw CommandFailure("\(file): \(error)")
        }
    }

    private func form() -> UsageExport {
        UsageExport(format.rawValue) ?? .csv(columns)
    }

    private var columns: UsageColumns {
        var columns = UsageColumns()
        for setting in column {
            let halves = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            _ = columns.set(halves[0], halves.count == 2 ? halves[1] : "")
        }
        return columns
    }

    func validate() throws {
        for setting in column {
            let halves = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            var columns = UsageColumns()
            guard halves.count == 2, columns.set(halves[0], halves[1]) else {
                let names = UsageColumns.settings.joined(separator: ", ")
                throw ValidationError("\"\(setting)\" is not a setting and its value; there are \(names).")
            }
        }
        guard column.isEmpty || format == .csv else { throw ValidationError("--column is for csv.") }
    }
}
