import ArgumentParser
import SiraApp
import SiraJSON
import SiraSQLite
import SiraStorage
import SiraTenancy

/// `sira teams` and the like.
struct ResourceCommand<Kind: CommandedKind>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: Kind.path,
            abstract: "List, show, create, update and delete \(Kind.noun)s.",
            discussion: """
                \(Kind.type?.summary ?? "")

                Works on the database directly, whether the server runs or not; a running server takes notice within a \
                second. Fields:

                \(FieldArguments(outlines: Kind.outlines).help)
                """,
            subcommands: [
                ResourceListCommand<Kind>.self, ResourceShowCommand<Kind>.self, ResourceCreateCommand<Kind>.self,
                ResourceUpdateCommand<Kind>.self, ResourceDeleteCommand<Kind>.self,
            ]
        )
    }
}

extension CommandedKind {
    static var type: ResourceType? { ResourceType.known.first { $0.kind == kind } }
    static var outlines: [FieldOutline] { type?.outlines ?? [] }

    /// The id of the one that is called so: by its id, or by a name (or an address of e-mail) that only one has.
    ///
    /// - Throws: ``CommandFailure`` when there is none, or more than one.
    static func id(of text: String, _ desk: ResourceDesk, _ author: Author) async throws -> String {
        if kind.isID(text) { return text }
        var found: [String] = []
        for field in ["name", "email"] where outlines.contains(where: { $0.name == field }) {
            var query = ResourceQuery(kind)
            query.fields = [field: text]
            found += try await desk.page(query, for: author).items.map(\.id)
        }
        guard let id = found.first else {
            throw CommandFailure("There is no \(noun) \"\(text)\"; `sira \(path) list` shows all.")
        }
        guard found.count == 1 else {
            let ids = found.joined(separator: ", ")
            throw CommandFailure("\(found.count) \(noun)s have the name \"\(text)\": say which by its id (\(ids)).")
        }
        return id
    }
}

/// What all commands take that change something.
struct ReasonOptions: ParsableArguments {
    @Option(help: "Why, for the audit log.")
    var reason = ""

    /// Who runs the command, and may do everything.
    var author: Author { CommandContext.current.author(reason: reason) }
}

/// `sira teams list` and the like.
struct ResourceListCommand<Kind: CommandedKind>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list",
            abstract: "List \(Kind.noun)s, the newest first.",
            discussion: "Fields narrow the list, such as name=Search."
        )
    }

    @Argument(help: ArgumentHelp("Only those with this value of the field.", valueName: "field=value"))
    var filters: [String] = []

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let context = CommandContext.current
        let fields = try FieldArguments(outlines: Kind.outlines).filter(filters)
        let all = try await options.withDatabase { database in
            let desk = ResourceDesk(database, clock: context.clock)
            var query = ResourceQuery(Kind.kind)
            (query.fields, query.limit) = (fields, 200)
            var all: [KeptResource] = []
            while true {
                let page = try await desk.page(query, for: context.author())
                all += page.items
                guard page.hasMore, let last = page.items.last else { return all }
                query.after = last.id
            }
        }
        let table = try ResourceTables.list(all, Kind.outlines)
        output.print { json in
            json.array { list in
                for kept in all { list.object { kept.write(to: &$0) } }
            }
        } plain: {
            guard all.isEmpty else { return table }
            return filters.isEmpty ? "There are no \(Kind.noun)s yet." : "There is no such \(Kind.noun)."
        }
    }
}

/// `sira teams show` and the like.
struct ResourceShowCommand<Kind: CommandedKind>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "show", abstract: "Show \(Kind.one).")
    }

    @Argument(help: ArgumentHelp("Its id or name.", valueName: "id|name"))
    var name: String

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let context = CommandContext.current
        let kept = try await options.withDatabase { database in
            let desk = ResourceDesk(database, clock: context.clock)
            let id = try await Kind.id(of: name, desk, context.author())
            return try await desk.resource(Kind.kind, id, for: context.author())
        }
        try output.print(kept)
    }
}

/// `sira teams create` and the like.
struct ResourceCreateCommand<Kind: CommandedKind>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "create",
            abstract: "Make \(Kind.one).",
            discussion: """
                Lists are written with commas or as JSON, objects as JSON. Fields:

                \(FieldArguments(outlines: Kind.outlines).help)
                """
        )
    }

    @Argument(help: ArgumentHelp("A field and its value, such as name=Search.", valueName: "field=value"))
    var fields: [String] = []

    @OptionGroup var reason: ReasonOptions
    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let context = CommandContext.current
        let body = try FieldArguments(outlines: Kind.outlines).body(fields)
        let kept = try await options.withDatabase(made: true) { database in
            try await ResourceDesk(database, clock: context.clock).create(Kind.kind, from: body, by: reason.author)
        }
        try output.print(kept)
    }
}

/// `sira teams update` and the like.
struct ResourceUpdateCommand<Kind: CommandedKind>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "update",
            abstract: "Change fields of \(Kind.one).",
            discussion: """
                Fields that are not named stay as they are; null takes a value away. Fields:

                \(FieldArguments(outlines: Kind.outlines.filter { !$0.isFixed }).help)
                """
        )
    }

    @Argument(help: ArgumentHelp("Its id or name.", valueName: "id|name"))
    var name: String

    @Argument(help: ArgumentHelp("A field and its new value, such as weight=2.", valueName: "field=value"))
    var fields: [String]

    @OptionGroup var reason: ReasonOptions
    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let context = CommandContext.current
        let body = try FieldArguments(outlines: Kind.outlines).body(fields)
        let kept = try await options.withDatabase { database in
            let desk = ResourceDesk(database, clock: context.clock)
            let id = try await Kind.id(of: name, desk, reason.author)
            return try await desk.change(Kind.kind, id, with: body, by: reason.author)
        }
        try output.print(kept)
    }
}

/// `sira teams delete` and the like.
struct ResourceDeleteCommand<Kind: CommandedKind>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "delete",
            abstract: "Remove \(Kind.one); refused as long as something else names it."
        )
    }

    @Argument(help: ArgumentHelp("Its id or name.", valueName: "id|name"))
    var name: String

    @OptionGroup var reason: ReasonOptions
    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let context = CommandContext.current
        let id = try await options.withDatabase { database in
            let desk = ResourceDesk(database, clock: context.clock)
            let id = try await Kind.id(of: name, desk, reason.author)
            try await desk.remove(Kind.kind, id, by: reason.author)
            return id
        }
        output.print {
            $0.object { $0.member("deleted", id) }
        } plain: {
            "The \(Kind.noun) \(id) is gone."
        }
    }
}

extension OutputOptions {
    /// Prints one resource.
    func print(_ kept: KeptResource) throws {
        let table = try ResourceTables.show(kept)
        print {
            $0.object { kept.write(to: &$0) }
        } plain: {
            table
        }
    }
}
