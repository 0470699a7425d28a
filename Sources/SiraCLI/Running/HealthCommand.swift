import ArgumentParser
import SiraCore
import SiraJSON

/// `sira health`.
struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Show how deployments do, and take them out of use or into use.",
        discussion: "Asks the admin listener of the gateway that runs.",
        subcommands: [HealthShowCommand.self, HealthDrainCommand.self, HealthResumeCommand.self],
        defaultSubcommand: HealthShowCommand.self
    )
}

/// `sira health show`, which `sira health` is too.
struct HealthShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show how deployments do. (default)",
        discussion: """
            The exit code is 0 when all is well, 1 when a deployment that has been used is ill, and 2 when the gateway \
            could not be asked. One that was taken out of use by an operator is not ill.
            """
    )

    @Flag(help: "Show deployments too that have only been considered.")
    var all = false

    @OptionGroup var options: AdminOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await options.ask("GET", "/api/health" + (all ? "?all=1" : ""))
        var isHealthy = true
        try output.print(answer: answer) { json in
            isHealthy = json["healthy"]?.bool ?? true
            return HealthTables(json: json).text
        }
        if !isHealthy { throw ExitCode.failure }
    }
}

/// Which deployment or provider an order is about.
struct HealthTargetOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("The deployment, such as openai/gpt-4o.", valueName: "deployment"))
    var deployment: String?

    @Option(help: "A provider with all of its deployments, in place of one of them.")
    var provider: String?

    func validate() throws {
        guard (deployment == nil) != (provider == nil) else {
            throw ValidationError("Name either a deployment, such as openai/gpt-4o, or a provider by --provider.")
        }
    }

    /// What is named, for people.
    var name: String { deployment ?? provider ?? "" }

    func write(to json: inout JSONWriter) {
        if let deployment { json.member("deployment", deployment) }
        if let provider { json.member("provider", provider) }
    }
}

/// `sira health drain`.
struct HealthDrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Take a deployment out of use until it is resumed or the gateway restarts; requests under way go on."
    )

    @OptionGroup var target: HealthTargetOptions

    @Option(help: "Why, for others to read.")
    var reason = ""

    @OptionGroup var options: AdminOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        var order = JSONWriter()
        order.object {
            target.write(to: &$0)
            $0.member("reason", reason)
        }
        let answer = try await options.ask("POST", "/api/health/drain", body: order.bytes)
        try output.print(answer: answer) { _ in "\(target.name.visible) is out of use." }
    }
}

/// `sira health resume`.
struct HealthResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Take a deployment into use again."
    )

    @OptionGroup var target: HealthTargetOptions
    @OptionGroup var options: AdminOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        var order = JSONWriter()
        order.object { target.write(to: &$0) }
        let answer = try await options.ask("POST", "/api/health/resume", body: order.bytes)
        try output.print(answer: answer) { _ in "\(target.name.visible) is in use again." }
    }
}
