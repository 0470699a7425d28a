import ArgumentParser
import SiraConfiguration

/// The program `sira`, from its arguments to its exit code.
package enum Program {
    /// Runs the command that the arguments name.
    ///
    /// - Parameters:
    ///   - arguments: without the program's own name.
    ///   - context: where the command reads its environment and prints; tests give their own.
    /// - Returns: 0 when all is well, 1 when the command failed, 2 when the configuration is at fault, 64 when the
    ///   arguments are (`EX_USAGE` of sysexits.h).
    package static func run(_ arguments: [String], context: CommandContext = .process) async -> Int32 {
        await CommandContext.$current.withValue(context) {
            do {
                var command = try SiraCommand.parseAsRoot(arguments)
                if var asynchronous = command as? any AsyncParsableCommand {
                    try await asynchronous.run()
                } else {
                    try command.run()
                }
                return 0
            } catch let errors as ConfigurationErrors {
                context.complain(errors.description)
                return 2
            } catch {
                return end(with: error, arguments, context)
            }
        }
    }

    /// Help and version come as errors too, with exit code 0.
    private static func end(with error: any Error, _ arguments: [String], _ context: CommandContext) -> Int32 {
        let code = SiraCommand.exitCode(for: error)
        let text = SiraCommand.fullMessage(for: error)
        guard !text.isEmpty else { return code.rawValue }
        if code.isSuccess { context.print(text) } else { context.complain(text) }
        if code == .validationFailure, let hint = hint(for: arguments) { context.complain(hint) }
        return code.rawValue
    }

    /// The command that was probably meant, when what was given is none.
    private static func hint(for arguments: [String]) -> String? {
        var command: any ParsableCommand.Type = SiraCommand.self
        var words = ["sira"]
        for argument in arguments {
            let groups = command.configuration.groupedSubcommands.flatMap(\.subcommands)
            let commands = command.configuration.ungroupedSubcommands + groups
            guard !commands.isEmpty, !argument.hasPrefix("-") else { return nil }
            let names = commands.map { ($0.configuration.commandName ?? "", $0) }
            guard let next = names.first(where: { $0.0 == argument })?.1 else {
                let near = NearestName.nearest(to: argument, among: names.map(\.0))
                return near.map { "Did you mean `\((words + [$0]).joined(separator: " "))`?" }
            }
            command = next
            words.append(argument)
        }
        return nil
    }
}
