import ArgumentParser
import Foundation
import SiraConfiguration

/// `sira init`.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a configuration file in which everything is explained and commented out.",
        discussion: "Its JSON Schema is written beside it, for editors that check and complete YAML."
    )

    @Option(name: [.long, .short], help: "The file to write. (default: $SIRA_CONFIG, else ./sira.yaml)")
    var config: String?

    @Flag(help: "Write over files that exist.")
    var force = false

    func run() throws {
        let context = CommandContext.current
        let path = config ?? context.environment.text(Settings.pathVariable) ?? Settings.defaultPath
        let file = URL(fileURLWithPath: path)
        let schema = file.deletingLastPathComponent().appendingPathComponent("sira.schema.json")
        if !force, FileManager.default.fileExists(atPath: file.path) {
            throw CommandFailure("\(path) exists already; `sira init --force` writes over it.")
        }
        // Keys may be written into it.
        try write(Settings.starterFile, to: file, mode: 0o600)
        try write(Settings.jsonSchema, to: schema, mode: 0o644)
        context.print("Wrote \(path), and \(schema.lastPathComponent) beside it for editors.")
        context.print("Everything in it is optional. Change it, then run `sira check`.")
    }

    private func write(_ text: String, to file: URL, mode: Int) throws {
        do {
            try text.write(to: file, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
        } catch {
            throw CommandFailure("\(file.path) cannot be written: \(error.localizedDescription)")
        }
    }
}
