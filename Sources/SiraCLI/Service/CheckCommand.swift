import ArgumentParser
import SiraApp
import SiraConfiguration
import SiraRouting

/// `sira check`.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Read the configuration and say what is wrong with it.",
        discussion: "The exit code is 0 when the server would start with it, else 2."
    )

    @OptionGroup var options: ConfigurationOptions

    func run() throws {
        let context = CommandContext.current
        let world = try options.preparation().world
        for warning in world.warnings { context.complain("warning: \(warning)") }
        let file = Settings.file(named: options.config, context.environment) ?? "no file, defaults and environment"
        let names = world.accesses.map(\.name).joined(separator: ", ")
        context.print("OK: \(file). Providers: \(names.isEmpty ? "none" : names).")
    }
}
