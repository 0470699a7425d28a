import ArgumentParser
import Foundation
import SiraJSON

/// `sira config`.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show and change the settings of the gateway that runs.",
        discussion: """
            What is changed lies over the configuration file and below the environment, is in force at once, and is kept \
            in the data directory. Asks the admin listener; the exit code is 2 when it could not be asked.
            """,
        subcommands: [
            ConfigShowCommand.self, ConfigCheckCommand.self, ConfigApplyCommand.self, ConfigVersionsCommand.self,
            ConfigRestoreCommand.self,
        ],
        defaultSubcommand: ConfigShowCommand.self
    )
}

/// `sira config show`.
struct ConfigShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the settings that somebody has given, and who."
    )

    @OptionGroup var options: AdminOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await options.ask("GET", "/api/v1/configuration")
        try output.print(answer: answer) { json in
            var table = TextTable("setting", "from")
            for (path, source) in json["origins"]?.members.map({ $0 }) ?? [] {
                table.add((path.string ?? "").visible, (source.string ?? "").visible)
            }
            let problem = json["problem"]?.string.map { "\n\($0.visible)" } ?? ""
            return "version \(json["version"]?.integer ?? 0)\n\(table.text)\(problem)"
        }
    }
}

/// What a change is read from.
struct PatchOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "A merge patch, a file of JSON; - for standard input. (default: -, or no patch where there is --reset)",
            valueName: "file"
        )
    )
    var patch: String?

    @Option(help: ArgumentHelp("A path at which the file's words are to hold again.", valueName: "path"))
    var reset: [String] = []

    /// The patch as JSON.
    func bytes() throws -> [UInt8] {
        guard let patch = patch ?? (reset.isEmpty ? "-" : nil) else { return Array("{}".utf8) }
        let data =
            patch == "-" ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: patch)
        guard let data else { throw CommandFailure("There is no file \(patch), or it cannot be read.") }
        let bytes = Array(data)
        guard (try? JSONIndexer().read(bytes) { $0.kind == .object }) == true else {
            throw CommandFailure("The patch is no JSON object.")
        }
        return bytes
    }

    /// Writes the members of a change.
    func write(_ patch: [UInt8], to json: inout JSONWriter) {
        json.member("patch", RawJSON(bytes: patch))
        json.array("reset") { list in for path in reset { list.element(path) } }
    }
}

/// `sira config check`.
struct ConfigCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say what a change would come to, without making it.",
        discussion: "The exit code is 1 when it would be refused."
    )

    @OptionGroup var patch: PatchOptions
    @OptionGroup var options: AdminOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let bytes = try patch.bytes()
        var body = JSONWriter()
        body.object { patch.write(bytes, to: &$0) }
        let answer = try await options.ask("POST", "/api/v1/configuration/check", body: body.bytes)
        let isRefused = try? JSONIndexer().read(answer, limits: .answer) { json in
            json["errors"]?.elements.contains { _ in true } ?? false
        }
        try output.print(answer: answer) { json in
            var lines = (json["errors"]?.elements.map { $0 } ?? []).map { error in
                "\((error["path"]?.string ?? "").visible): \((error["message"]?.string ?? "").visible)"
            }
            for change in json["changes"]?.elements.map({ $0 }) ?? [] {
                let (before, after) = (change["before"]?.rawJSON, change["after"]?.rawJSON)
                lines.append(
                    "\((change["path"]?.string ?? "").visible): \(before?.description.visible ?? "") → "
                        + (after?.description.visible ?? "")
                )
            }
            if lines.isEmpty { lines.append("Nothing would change.") }
            for warning in json["warnings"]?.elements.compactMap(\.string) ?? [] {
                lines.append("warning: \(warning.visible)")
            }
            return lines.joined(separator: "\n")
        }
        if isRefused == true { throw ExitCode.failure }
    }
}

/// `sira config apply`.
struct ConfigApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "apply", abstract: "Change the settings.")

    @OptionGroup var patch: PatchOptions
    @Option(help: "The version that the change was made for. (default: the newest)")
    var base: Int64?
    @Option(help: "Why, for the audit log.")
    var reason = ""
    @OptionGroup var options: AdminOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let bytes = try patch.bytes()
        var newest = base
        if newest == nil { newest = try version(in: try await options.ask("GET", "/api/v1/configuration")) }
        var body = JSONWriter()
        body.object { json in
            patch.write(bytes, to: &json)
            json.member("base_version", newest ?? 0)
            json.member("reason", reason)
        }
        let answer = try await options.ask("POST", "/api/v1/configuration/apply", body: body.bytes)
        try output.print(answer: answer) { "Version \($0["version"]?.integer ?? 0) is in force." }
    }
}

/// `sira config versions`.
struct ConfigVersionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "versions", abstract: "List what was changed.")

    @OptionGroup var options: AdminOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await options.ask("GET", "/api/v1/configuration/versions?limit=100")
        try output.print(answer: answer) { json in
            var table = TextTable("#version", "at", "by", "#changes", "reason")
            for version in json["versions"]?.elements.map({ $0 }) ?? [] {
                table.add(
                    "\(version["version"]?.integer ?? 0)",
                    (version["at"]?.string ?? "").visible,
                    (version["actor"]?.string ?? "").visible,
                    "\(version["changes"]?.elements.map { $0 }.count ?? 0)",
                    (version["reason"]?.string ?? "").visible
                )
            }
            return table.text
        }
    }
}

/// `sira config restore`.
struct ConfigRestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put an earlier version into force again; 0 takes back all changes."
    )

    @Argument(help: "The version's number.")
    var version: Int64
    @Option(help: "Why, for the audit log.")
    var reason = ""
    @OptionGroup var options: AdminOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        var body = JSONWriter()
        body.object { $0.member("reason", reason) }
        let path = "/api/v1/configuration/versions/\(version)/restore"
        let answer = try await options.ask("POST", path, body: body.bytes)
        try output.print(answer: answer) { "Version \($0["version"]?.integer ?? 0) is in force." }
    }
}

/// The version that an answer tells.
private func version(in answer: [UInt8]) throws -> Int64 {
    try JSONIndexer().read(answer, limits: .answer) { $0["version"]?.integer } ?? 0
}
