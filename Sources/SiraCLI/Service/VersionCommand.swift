import ArgumentParser
import SiraApp

/// `sira version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

    func run() {
        CommandContext.current.print(siraVersion)
    }
}
