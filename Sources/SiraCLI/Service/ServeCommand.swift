import ArgumentParser
import SiraApp

/// `sira serve`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the gateway until it is told to stop (SIGTERM or SIGINT)."
    )

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        try await Gateway.serve(configuration: options.config, environment: CommandContext.current.environment)
    }
}
