import ArgumentParser
import SiraCore
import SiraSQLite
import SiraStorage
import SiraTenancy

/// `sira keys create`.
struct KeysCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Make a key and show it, once.")

    @Option(help: "What the key is called in lists and reports.")
    var name: String

    @Option(
        help: ArgumentHelp(
            "The models it may use, with commas between them; a * at the end stands for any ending. (default: all)",
            valueName: "a,b*"
        )
    )
    var models: String?

    @Option(help: ArgumentHelp("How long it works: 30d, or to the end of a day (UTC).", valueName: "30d|2026-12-31"))
    var expires: Moment?

    @Option(name: .customLong("tag"), help: "A word for reports, such as a team. May be given several times.")
    var tags: [String] = []

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard !name.isEmpty, name.count <= 200 else { throw ValidationError("A name has 1 to 200 characters.") }
        guard !tags.contains("") else { throw ValidationError("A tag cannot be empty.") }
        guard tags.count <= APIKey.tagLimit else {
            throw ValidationError("A key has at most \(APIKey.tagLimit) tags.")
        }
        guard tags.allSatisfy({ $0.utf8.count <= APIKey.tagBytes }) else {
            throw ValidationError("A tag has at most \(APIKey.tagBytes) bytes.")
        }
        _ = try patterns()
    }

    func run() async throws {
        let now = CommandContext.current.clock.now()
        let deadline = expires?.deadline(now: now)
        if let deadline, deadline <= now { throw CommandFailure("The key would have expired already, at \(deadline).") }
        let issued = APIKey.issue(
            name: name,
            allowedModels: try patterns(),
            tags: tags,
            expiresAt: deadline,
            at: now
        )
        try await options.withDatabase(made: true) { try await $0.keys.insert(issued.key) }
        issued.show(output, headline: "The key \(issued.key.id) (\(name)) is:")
    }

    private func patterns() throws -> [ModelPattern] {
        let texts = models?.split(separator: ",").map { $0.drop { $0 == " " } } ?? []
        if models != nil, texts.isEmpty { throw ValidationError("--models needs the name of a model, or none of it.") }
        return try texts.map { text in
            guard let pattern = ModelPattern(text) else {
                throw ValidationError("\"\(text)\": a pattern is a name, with * at its end or nowhere.")
            }
            return pattern
        }
    }
}
