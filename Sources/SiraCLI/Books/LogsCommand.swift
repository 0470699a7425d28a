import ArgumentParser
import SiraCore
import SiraJSON
import SiraSQLite
import SiraStorage
import SiraTenancy

/// `sira logs`.
struct LogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Show single requests and attempts, newest first.",
        discussion: "A request that was tried at several places has a line for each attempt. Times are UTC."
    )

    @Option(help: "Only requests with this key (id or name).")
    var key: String?

    @Option(help: "Only requests for this model, as the application named it.")
    var model: String?

    @Option(help: "Only attempts at this provider.")
    var provider: String?

    @Option(
        help: ArgumentHelp("Only this outcome, or this error as the list shows it.", valueName: "ok|client_error|…"),
        transform: OutcomeWord.read
    )
    var outcome: OutcomeWord?

    @Option(help: "Only answers with this HTTP status.")
    var status: Int?

    @Option(help: ArgumentHelp("From when on.", valueName: "1h|2026-11-01|2026-11-01T08:00Z"), transform: Moment.read)
    var since: Moment?

    @Option(help: "At most so many lines.")
    var limit = 50

    @Option(help: ArgumentHelp("Only the request with this id, all attempts.", valueName: "req_…"))
    var request: String?

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit is a number from 1 to 100000.") }
        guard let request, RequestID(request) == nil else { return }
        throw ValidationError("\"\(request)\" is not the id of a request: those are req_ and 26 characters.")
    }

    func run() async throws {
        let now = CommandContext.current.clock.now()
        let records = try await options.withDatabase { database in
            if let request, let id = RequestID(request) { return try await database.usage.records(of: id) }
            var filter = UsageFilter()
            if let key { filter.key = try await database.keys.key(called: key).id }
            filter.requestedModel = model
            filter.provider = provider
            filter.outcome = outcome?.outcome
            filter.since = since?.beginning(now: now)
            guard status != nil || outcome?.code != nil else {
                filter.limit = limit
                return try await database.usage.records(filter)
            }
            return try await database.usage.records(filter, limit: limit) { record in
                (status == nil || record.status == status)
                    && (outcome?.code == nil || record.errorCode == outcome?.code?.rawValue)
            }
        }
        output.print { json in
            json.array { list in
                for record in records { list.object { record.write(to: &$0) } }
            }
        } plain: {
            records.isEmpty ? "There are no such requests." : Self.table(records)
        }
    }

    private static func table(_ records: [UsageRecord]) -> String {
        var table = TextTable(
            "time",
            "request",
            "#try",
            "model",
            "provider",
            "outcome",
            "#status",
            "#input",
            "#output",
            "#cost $",
            "#took"
        )
        for record in records {
            table.add(
                record.startedAt.second,
                record.request.description,
                "\(record.attempt)",
                record.requestedModel,
                record.provider.isEmpty ? "-" : record.provider,
                record.errorCode.isEmpty ? record.outcome.label : record.errorCode,
                "\(record.status)",
                Figures.count(record.usage.input),
                Figures.count(record.usage.output),
                record.cost.map(Figures.dollars) ?? (record.costGap == nil ? "-" : "?"),
                Figures.duration(microseconds: record.duration)
            )
        }
        return table.text
    }
}

extension UsageStore {
    /// The first `limit` records that pass the filter and are wanted, newest first.
    ///
    /// For what stores cannot look for: pages are read until there are enough.
    fileprivate func records(
        _ filter: UsageFilter,
        limit: Int,
        where isWanted: (UsageRecord) -> Bool
    ) async throws -> [UsageRecord] {
        var filter = filter
        filter.limit = 1_000
        var found: [UsageRecord] = []
        while found.count < limit {
            let page = try await records(filter)
            found += page.filter(isWanted)
            guard let last = page.last, page.count == filter.limit else { break }
            filter.after = UsageCursor(last)
        }
        return Array(found.prefix(limit))
    }
}

/// How a request ended, as it is typed: the outcome, or the error that the list shows in its place.
struct OutcomeWord: Hashable {
    let outcome: Outcome
    /// nil for all errors of the outcome.
    let code: ErrorCode?

    /// Reads the ``Outcome/label``, or the code of an error.
    @Sendable static func read(_ text: String) throws -> OutcomeWord {
        if let outcome = Outcome(label: text) { return OutcomeWord(outcome: outcome, code: nil) }
        if let code = ErrorCode(rawValue: text) { return OutcomeWord(outcome: Outcome(code), code: code) }
        let labels = Outcome.allCases.map(\.label).joined(separator: ", ")
        throw ValidationError("\"\(text)\" is neither an outcome (\(labels)) nor the code of an error.")
    }
}
