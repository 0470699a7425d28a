import ArgumentParser
import SiraApp
import SiraSQLite
import SiraStorage
import SiraTenancy

/// `sira keys show`.
struct KeysShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show what a key entitles to.")

    @Argument(help: ArgumentHelp("The key's id or name.", valueName: "id|name"))
    var key: String

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let context = CommandContext.current
        let kept = try await options.withDatabase { database in
            let found = try await database.keys.key(called: key)
            return try await ResourceDesk(database, clock: context.clock).resource(
                .key,
                found.id,
                for: context.author()
            )
        }
        try output.print(kept)
    }
}

/// `sira keys update`.
struct KeysUpdateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change what a key entitles to; its text stays.",
        discussion: """
            Fields that are not named stay as they are; null takes a value away. Fields:

            \(FieldArguments(outlines: KeysKind.outlines).help)
            """
    )

    @Argument(help: ArgumentHelp("The key's id or name.", valueName: "id|name"))
    var key: String

    @Argument(help: ArgumentHelp("A field and its new value, such as priority=batch.", valueName: "field=value"))
    var fields: [String]

    @OptionGroup var reason: ReasonOptions
    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let context = CommandContext.current
        let body = try FieldArguments(outlines: KeysKind.outlines).body(fields)
        let kept = try await options.withDatabase { database in
            let found = try await database.keys.key(called: key)
            let desk = ResourceDesk(database, clock: context.clock)
            return try await desk.change(.key, found.id, with: body, by: reason.author)
        }
        try output.print(kept)
    }
}
