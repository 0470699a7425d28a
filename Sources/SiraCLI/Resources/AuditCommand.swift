import ArgumentParser
import SiraCore
import SiraJSON
import SiraSQLite
import SiraStorage

/// `sira audit`.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Show who changed what, and check that nobody has changed that.",
        subcommands: [AuditListCommand.self, AuditVerifyCommand.self],
        defaultSubcommand: AuditListCommand.self
    )
}

/// `sira audit list`, which `sira audit` is too.
struct AuditListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List changes, the newest first. (default)"
    )

    @Option(help: ArgumentHelp("Only changes by this one, such as token:admin or user:user_….", valueName: "actor"))
    var actor: String?

    @Option(help: ArgumentHelp("Only changes of this sort, such as key.revoke.", valueName: "action"))
    var action: String?

    @Option(help: ArgumentHelp("Only changes of the thing of this id.", valueName: "id"))
    var subject: String?

    @Option(help: ArgumentHelp("Only changes with smaller numbers.", valueName: "number"))
    var before: Int64?

    @Option(help: ArgumentHelp("How many at most.", valueName: "count"))
    var limit = 50

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        var filter = AuditFilter()
        (filter.actor, filter.action, filter.subject) = (actor, action, subject)
        (filter.before, filter.limit) = (before, limit)
        let wanted = filter
        let entries = try await options.withDatabase { try await $0.audit.entries(wanted) }
        output.print { json in
            json.array { list in
                for entry in entries { list.object { entry.write(to: &$0) } }
            }
        } plain: {
            guard !entries.isEmpty else { return "Nothing was changed, as far as this goes." }
            var table = TextTable("#number", "time", "actor", "action", "subject", "changes", "reason")
            for entry in entries {
                let changes = String(decoding: entry.changes, as: UTF8.self)
                table.add(
                    String(entry.number),
                    entry.at.second,
                    entry.actor,
                    entry.action,
                    entry.subject,
                    changes.count > 80 ? changes.prefix(79) + "…" : changes,
                    entry.reason
                )
            }
            return table.text
        }
    }
}

/// `sira audit verify`.
struct AuditVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that no line of the trail was changed or taken out of its middle.",
        discussion: "The exit code is 0 when all is well, and 1 when it is not."
    )

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let broken = try await options.withDatabase { try await $0.audit.firstBroken() }
        output.print { json in
            json.object { json in
                json.member("intact", broken == nil)
                json.member("first_broken", optional: broken)
            }
        } plain: {
            broken.map { "Line \($0) is not what it was when it was written." } ?? "All lines are as they were written."
        }
        if broken != nil { throw ExitCode.failure }
    }
}

extension AuditEntry {
    fileprivate func write(to json: inout JSONWriter) {
        json.member("number", number)
        json.member("at", at.description)
        json.member("actor", actor)
        json.member("address", address)
        json.member("action", action)
        json.member("subject", subject)
        json.member("changes", RawJSON(bytes: changes))
        json.member("reason", reason)
        json.member("digest", digest)
    }
}
