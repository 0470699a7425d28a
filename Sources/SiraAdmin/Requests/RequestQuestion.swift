import SiraCore
import SiraStorage
import SiraTenancy

/// A question for requests, as parameters put it.
struct RequestQuestion: Sendable {
    var search = RequestSearch()
    /// Where what is told lies.
    var place = Scope.gateway

    static let permission = Permission(.usage, .read)

    private static let orders =
        ["time"] + RequestSearch.Order.allCases.filter { $0 != .time }.flatMap { ["-\($0.rawValue)", $0.rawValue] }

    /// Parameters apart from those of pages.
    static let parameters =
        ConsoleFilters.times + [
            EndpointParameter(
                "q",
                .text(length: 0...1_000, format: nil),
                "What to find, such as `model:gpt-4* -team:evals latency:>2s status:5xx is:error has:fallback`."
            ),
            EndpointParameter(
                "outcome",
                .word(Outcome.allCases.map(\.label) + ["error"]),
                "Only what ended like this; `error` is all but `ok`."
            ),
            EndpointParameter(
                "slow_ms",
                .integer(1...3_600_000),
                "From how many milliseconds on a request is slow; \(RequestSearch.usualSlow / 1_000)."
            ),
        ] + ConsoleFilters.names

    static let order = EndpointParameter(
        "sort",
        .word(orders),
        "The newest first, or by this with `-` before it for the greatest first. Other orders than by time are of the "
            + "newest \(RequestSearch.usualBudget) lines of the ledger alone."
    )

    init(_ request: EndpointRequest, _ source: ReportSource) async throws {
        let query = request.query
        place = try await source.consolePlace(for: request.author, Self.permission, query)
        search.filter = ConsoleFilters.filter(query)
        search.filter.narrow(to: place)
        search.isConfined = RequestReach(of: request.author, Self.permission).places != nil
        search.filter.since = try ConsoleFilters.time(query, "from", "since")
        search.filter.until = try ConsoleFilters.time(query, "to", "until")
        if let since = search.filter.since, let until = search.filter.until, since >= until {
            throw ConsoleFilters.invalid("from", "must be before \(until)")
        }
        if let outcome = query["outcome"] {
            if let known = Outcome(label: outcome) {
                search.filter.outcome = known
            } else {
                search.terms.append(RequestTerm(.flag(.error)))
            }
        }
        if let slow = query["slow_ms"].flatMap({ Int64($0) }) { search.slow = slow * 1_000 }
        let terms = try Self.told { () throws(RequestQueryError) in try RequestQueryReader.read(query["q"] ?? "") }
        let names = try await TermNames(for: terms, request.author, source)
        search.terms += try Self.told { () throws(RequestQueryError) in
            var resolved: [RequestTerm] = []
            for term in terms { resolved.append(try names.resolved(term)) }
            return resolved
        }
        search.filter.key = search.filter.key ?? names.visibleKey(in: search.terms)
        if let sort = query["sort"] {
            search.isAscending = !sort.hasPrefix("-")
            search.order = RequestSearch.Order(rawValue: String(sort.drop { $0 == "-" })) ?? .time
        }
    }

    /// Does something, and tells what is wrong with the query.
    private static func told<Result>(_ body: () throws(RequestQueryError) -> Result) throws(EndpointError) -> Result {
        do throws(RequestQueryError) {
            return try body()
        } catch {
            let problem = FieldProblem("q", error.description)
            throw EndpointError(400, "invalid_query", error.description, fields: [problem])
        }
    }

    /// Whether sums that are kept can answer it, so that no line of the ledger has to be looked at.
    var isOfSums: Bool {
        search.terms.isEmpty && search.filter.outcome == nil && (search.filter.tag == nil || search.filter.user == nil)
    }
}

/// A place in the order of what was found, as text.
enum RequestCursor {
    /// By time: time, request and attempt.
    static func text(_ cursor: UsageCursor) -> String {
        "\(cursor.startedAt.microseconds)-\(cursor.request)-\(cursor.attempt)"
    }

    /// By another order: how many to pass over, of what came before a time.
    static func text(offset: Int, until: Timestamp) -> String { "o-\(offset)-\(until.microseconds)" }

    /// Goes on with a search.
    static func apply(_ text: String, to search: inout RequestSearch) throws(EndpointError) {
        let parts = text.split(separator: "-")
        if parts.count == 3, parts[0] == "o", let offset = Int(parts[1]), let until = Int64(parts[2]),
            search.order != .time, (0...RequestSearch.usualBudget).contains(offset)
        {
            search.offset = offset
            search.filter.until = Timestamp(microseconds: until)
            return
        }
        guard parts.count == 3, let time = Int64(parts[0]), let request = RequestID(parts[1]),
            let attempt = Int(parts[2]), search.order == .time
        else { throw ConsoleFilters.invalid("cursor", "is not the `next` of a page in this order") }
        var record = UsageRecord(request: request, startedAt: Timestamp(microseconds: time))
        record.attempt = attempt
        search.filter.after = UsageCursor(record)
    }
}
