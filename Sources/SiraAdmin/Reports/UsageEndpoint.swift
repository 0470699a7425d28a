import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy

/// Sums over requests.
struct UsageEndpoint: Sendable {
    let source: ReportSource

    private static let permission = Permission(.usage, .read)
    /// What sums can be broken down by: the dimensions, and end users.
    private static let groups = RollupDimension.allCases.map(\.label) + ["user"]
    /// Lines of a page.
    private static let (usual, most) = (100, 1_000)

    var endpoint: Endpoint {
        Endpoint(
            .get,
            "/usage",
            name: "get_usage",
            tag: "usage",
            "Sum up requests, tokens, costs and times",
            access: .holder(Self.permission),
            answer: Self.answer
        ) { request in
            EndpointReply(try await report(request))
        }.with {
            $0.details = """
                A request counts once, its tokens and costs for every attempt at a provider. By tag, a record counts once \
                for each of its tags; `total` counts it once. Times are kept to the minute. Who may see one part \
                of the gateway is told of that, who may see several has to ask for what lies in one; see `scope`.
                """
            $0.parameters =
                [
                    ReportFilters.since, ReportFilters.until,
                    EndpointParameter(
                        "period",
                        .word(Self.periods.map(\.name)),
                        "How long the slices of time are; day."
                    ),
                    EndpointParameter(
                        "group_by",
                        ReportFilters.name,
                        "What to break down by, with commas between: \(Self.groups.joined(separator: ", "))."
                    ),
                    EndpointParameter(
                        "order_by",
                        .word(["time"] + UsageMeasure.allCases.map(\.rawValue)),
                        "By time and names, or by this sum, the greatest first."
                    ),
                    EndpointParameter(
                        "limit",
                        .integer(1...Int64(Self.most)),
                        "How many lines at most; \(Self.usual)."
                    ),
                    EndpointParameter(
                        "percentiles",
                        .boolean,
                        "Whether percentiles of times are told, as without it; sums by thousands of names are quicker if not."
                    ),
                    EndpointParameter("after", .integer(0...1_000_000_000), "The `next` of the page before."),
                ] + ReportFilters.all
        }
    }

    private static let periods: [(name: String, period: RollupPeriod)] = [
        ("minute", .minute), ("hour", .hour), ("day", .day),
    ]

    private func report(_ request: EndpointRequest) async throws -> [UInt8] {
        var query = try Self.query(request.query, now: source.clock.now())
        let percentiles = request.query["percentiles"] != "false"
        if !percentiles { query.latencies = [] }
        let place = try await source.consolePlace(for: request.author, Self.permission, request.query)
        query.narrow(to: place)
        var sum = query
        (sum.groups, sum.order) = ([], .dimensions)
        query.offset = request.query["after"].flatMap { Int($0) } ?? 0
        let limit = request.query["limit"].flatMap { Int($0) } ?? Self.usual
        query.limit = limit + 1
        let lines = query.groups.isEmpty ? [] : try await source.rollups.totals(query)
        let total = try await source.rollups.totals(sum).first?.totals ?? UsageTotals()
        var json = JSONWriter(capacity: 4_096)
        json.object { json in
            json.member("since", (query.since ?? .earliest).description)
            json.member("until", (query.until ?? .latest).description)
            json.member("scope", place.description)
            json.array("data") { list in
                for line in lines.prefix(limit) {
                    list.object { line.write(to: &$0, isByUser: query.isByUser, percentiles: percentiles) }
                }
            }
            json.member("has_more", lines.count > limit)
            if lines.count > limit { json.member("next", "\(query.offset + limit)") } else { json.null("next") }
            json.object("total") { total.write(to: &$0, percentiles: percentiles) }
        }
        return json.bytes
    }

    private static func query(_ asked: [String: String], now: Timestamp) throws -> RollupQuery {
        let period = periods.first { $0.name == asked["period"] }?.period ?? .day
        let words = (asked["group_by"] ?? "").split(separator: ",").map { $0.trimmed }
        for word in words where !groups.contains(word) {
            throw invalid("group_by", "\(word) is none of \(groups.joined(separator: ", "))")
        }
        let dimensions = RollupDimension.allCases.filter { words.contains($0.label) }
        var query = RollupQuery(period, by: Set(dimensions))
        query.isExact = true
        query.until =
            asked["until"].flatMap { Timestamp(iso8601: $0) }
            ?? RollupPeriod.minute.start(of: now).advanced(by: .seconds(60))
        query.since = asked["since"].flatMap { Timestamp(iso8601: $0) } ?? query.until?.advanced(by: usualSpan(period))
        if let since = query.since, let until = query.until, since >= until {
            throw invalid("since", "must be before \(until)")
        }
        if let since = query.since, let until = query.until, let longest = longestSpan(period),
            since.advanced(by: longest) < until
        {
            let days = longest.components.seconds / 86_400
            throw invalid("period", "must be longer where more than \(days) days are asked for")
        }
        (query.organization, query.team, query.project) = (asked["organization"], asked["team"], asked["project"])
        (query.key, query.requestedModel) = (asked["key"], asked["requested_model"])
        (query.provider, query.model) = (asked["provider"], asked["model"])
        if let order = asked["order_by"].flatMap(UsageMeasure.init) { query.order = .descending(order) }
        if words.contains("user") || asked["user"] != nil {
            guard !words.contains("tag"), asked["tag"] == nil else {
                throw invalid("tag", "cannot be asked for together with end users, who are counted like tags")
            }
            query.tag = asked["user"].map { RollupKey.userPrefix + $0 }
            if words.contains("user") { query.groups.insert(.tag) }
            query.isByUser = true
        } else {
            query.tag = asked["tag"]
        }
        return query
    }

    /// Some lines of each length, back from the end.
    private static func usualSpan(_ period: RollupPeriod) -> Duration {
        switch period {
        case .minute: .seconds(-3_600)
        case .hour: .seconds(-7 * 86_400)
        case .day: .seconds(-30 * 86_400)
        }
    }

    /// Slices are added up one by one: more than some ten thousand of them would keep others waiting.
    private static func longestSpan(_ period: RollupPeriod) -> Duration? {
        switch period {
        case .minute: .seconds(8 * 86_400)
        case .hour: .seconds(400 * 86_400)
        case .day: nil
        }
    }

    private static func invalid(_ field: String, _ message: String) -> EndpointError {
        EndpointError(400, "invalid_query", "\(field) \(message).", fields: [FieldProblem(field, message)])
    }

    private static let answer = JSONSchema.object([
        ("since", .time),
        ("until", .time),
        ("scope", .text(1...100)),
        (
            "data",
            .list(JSONSchema.object(ReportSchemas.dimensions + ReportSchemas.sums, optional: ReportSchemas.optional))
        ),
        ("has_more", .boolean),
        ("next", JSONSchema.text(0...100).orNull.described("What `after` is to be for the next page.")),
        ("total", .object(ReportSchemas.sums, optional: ReportSchemas.percentileNames)),
    ])
}

extension Substring {
    /// Without blanks at its ends.
    fileprivate var trimmed: String {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
