import ArgumentParser
import SiraCore
import SiraJSON

/// `sira experiments`.
struct ExperimentsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "experiments",
        abstract: "Show what experiments have shown so far, with 95 % confidence intervals.",
        discussion: "Asks the admin listener of the gateway that runs. The exit code is 2 when it could not be asked."
    )

    @OptionGroup var options: AdminOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await options.ask("GET", "/api/experiments")
        try output.print(answer: answer) { json in
            let list = json["experiments"].map { Array($0.elements) } ?? []
            guard !list.isEmpty else { return "There are no experiments." }
            return list.map { ExperimentTables(json: $0).text }.joined(separator: "\n\n")
        }
    }
}
