import ArgumentParser
import SiraApp
import SiraCore
import SiraJSON
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

    @Option(help: ArgumentHelp("The project that it belongs to.", valueName: "proj_…"))
    var project: String?

    @Option(help: ArgumentHelp("The user or service account that answers for it.", valueName: "user_…|svc_…"))
    var owner: String?

    @Option(
        help: ArgumentHelp(
            "Addresses from which it may be used, with commas between them. (default: all)",
            valueName: "203.0.113.0/24,…"
        )
    )
    var addresses: String?

    @Option(
        help: ArgumentHelp("How soon its requests are served: interactive, batch or background.", valueName: "word")
    )
    var priority = RequestPriority.interactive.label

    @Option(help: ArgumentHelp("Makes a budget of so many dollars for it.", valueName: "usd"))
    var budget: String?

    @Option(help: ArgumentHelp("The budget's period: day, week, month, quarter, year or total.", valueName: "word"))
    var budgetPeriod: String?

    @Option(help: ArgumentHelp("Makes a limit of so many requests per minute for it.", valueName: "count"))
    var rpm: Int64?

    @Option(help: ArgumentHelp("Makes a limit of so many tokens per minute for it.", valueName: "count"))
    var tpm: Int64?

    @Option(help: ArgumentHelp("Makes a limit of so many requests at the same time for it.", valueName: "count"))
    var concurrency: Int64?

    @Flag(help: "Make the key even if another one has the name; commands then tell the two apart by their ids.")
    var allowSameName = false

    @OptionGroup var reason: ReasonOptions
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
        _ = (try terms(), try allowance())
    }

    func run() async throws {
        let context = CommandContext.current
        let now = context.clock.now()
        let deadline = expires?.deadline(now: now)
        if let deadline, deadline <= now { throw CommandFailure("The key would have expired already, at \(deadline).") }
        var terms = try terms()
        terms.expiresAt = deadline
        let (agreed, allowance) = (terms, try allowance())
        let issued = try await options.withDatabase(made: true) { database in
            try await checkName(database.keys)
            let desk = ResourceDesk(database, clock: context.clock)
            return try await desk.createKey(agreed, allowance, by: reason.author)
        }
        issued.show(output, headline: "The key \(issued.kept.id) (\(name)) is:")
    }

    private func terms() throws -> KeyTerms {
        var terms = KeyTerms()
        terms.name = name
        terms.allowedModels = try patterns()
        terms.tags = tags
        if let project {
            guard ResourceKind.project.isID(project) else {
                throw ValidationError("--project is the id of a project, such as \(ResourceKind.project.exampleID).")
            }
            terms.project = project
        }
        if let owner {
            guard ResourceKind.user.isID(owner) || ResourceKind.serviceAccount.isID(owner) else {
                throw ValidationError("--owner is the id of a user or of a service account.")
            }
            terms.owner = owner
        }
        terms.allowedAddresses = try (addresses?.split(separator: ",") ?? []).map { text in
            guard let range = AddressRange(String(text.drop { $0 == " " })) else {
                throw ValidationError("\"\(text)\" is no address or range, such as 203.0.113.7 or 203.0.113.0/24.")
            }
            return range
        }
        guard let priority = RequestPriority(label: priority) else {
            let words = RequestPriority.allCases.map(\.label).joined(separator: ", ")
            throw ValidationError("--priority is one of \(words).")
        }
        terms.priority = priority
        return terms
    }

    /// Read through its fields, which say themselves what they want.
    private func allowance() throws -> KeyAllowance {
        var json = JSONWriter()
        json.object { json in
            if let budget { json.member("budget_usd", budget) }
            if let budgetPeriod { json.member("budget_period", budgetPeriod) }
            if let rpm { json.member("requests_per_minute", rpm) }
            if let tpm { json.member("tokens_per_minute", tpm) }
            if let concurrency { json.member("concurrency", concurrency) }
        }
        return try JSONIndexer().read(json.bytes) { try KeyAllowance.read($0) }
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
