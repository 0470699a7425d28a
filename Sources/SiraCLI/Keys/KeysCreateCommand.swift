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

    @Option(
        help: ArgumentHelp("How long it works: 30d, or to the end of a day (UTC).", valueName: "30d|2026-12-31"),
        transform: Moment.read
    )
    var expires: Moment?

    @Option(name: .customLong("tag"), help: "A word for reports, such as a team. May be given several times.")
    var tags: [String] = []

    @Flag(help: "Make the key even if another one has the name; commands then tell the two apart by their ids.")
    var allowSameName = false

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
        let context = CommandContext.current
        let now = context.clock.now()
        let deadline = expires?.deadline(now: now)
        if let deadline, deadline <= now { throw CommandFailure("The key would have expired already, at \(deadline).") }
        let issued = APIKey.issue(
            name: name,
            allowedModels: try patterns(),
            tags: tags,
            expiresAt: deadline,
            at: now
        )
        try await options.withDatabase(made: true) { database in
            try await checkName(database.keys)
            let terms = KeyTerms(issued.key)
            let entry = context.entry("key.create", issued.key.id, changes: KeyTerms.changes(from: nil, to: terms))
            try await database.keys.insert(issued.key, entry)
        }
        issued.show(output, headline: "The key \(issued.key.id) (\(name)) is:")
    }

    /// - Throws: ``CommandFailure`` when the name would leave open which key it means.
    private func checkName(_ keys: some KeyStore) async throws {
        let all = try await keys.allKeys()
        guard !all.contains(where: { $0.id == name }) else {
            throw CommandFailure("\"\(name)\" is the id of a key; choose another name.")
        }
        guard !allowSameName, let other = all.first(where: { $0.name == name && $0.revokedAt == nil }) else { return }
        throw CommandFailure(
            "There is a key of the name \"\(name)\" already (\(other.id)). Choose another name, rotate or revoke that "
                + "one, or add --allow-same-name."
        )
    }

    private func patterns() throws -> [ModelPattern] {
        let texts = models?.split(separator: ",").map { $0.drop { $0 == " " } }.filter { !$0.isEmpty } ?? []
        if models != nil, texts.isEmpty {
            throw ValidationError("--models is empty. Name at least one model, or leave --models out to allow all.")
        }
        return try texts.map { text in
            guard let pattern = ModelPattern(text) else {
                throw ValidationError("\"\(text)\": a pattern is a name, with * at its end or nowhere.")
            }
            return pattern
        }
    }
}
