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

    @Option(help: "Only this outcome.")
    var outcome: Outcome?

    @Option(help: "Only answers with this HTTP status.")
    var status: Int?

    @Option(help: ArgumentHelp("From when on.", valueName: "1h|2026-11-01|2026-11-01T08:00Z"))
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
            filter.outcome = outcome
            filter.since = since?.beginning(now: now)
            return try await database.usage.records(filter, limit: limit, status: status)
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
    /// The first `limit` records that pass the filter and have the status, newest first.
    ///
    /// Stores cannot look for a status, so pages are read until there are enough.
    fileprivate func records(_ filter: UsageFilter, limit: Int, status: Int?) async throws -> [UsageRecord] {
        var filter = filter
        guard let status else {
            filter.limit = limit
            return try await records(filter)
        }
        filter.limit = 1_000
        var found: [UsageRecord] = []
        while found.count < limit {
            let page = try await records(filter)
            found += page.filter { $0.status == status }
            guard let last = page.last, page.count == filter.limit else { break }
            filter.after = UsageCursor(last)
        }
        return Array(found.prefix(limit))
    }
}

extension Outcome: ExpressibleByArgument {
    /// Reads the ``label``.
    public init?(argument: String) {
        self.init(label: argument)
    }

    /// The ``label``s, for help texts.
    public static var allValueStrings: [String] { allCases.map(\.label) }
}
