import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy

/// The lines of the ledger.
struct RequestsEndpoint: Sendable {
    let source: ReportSource

    private static let permission = Permission(.usage, .read)

    var endpoint: Endpoint {
        Endpoint(
            .get,
            "/requests",
            name: "list_requests",
            tag: "usage",
            "List requests and their attempts",
            access: .holder(Self.permission),
            answer: ResourceSchemas.page(of: ReportSchemas.loose("A line of the ledger."))
        ) { request in
            var filter = try Self.filter(request.query)
            let scopes = ReportFilters.scopes(request.query)
            filter.narrow(to: try await source.place(for: request.author, Self.permission, within: scopes))
            filter.limit = request.limit + 1
            let records = try await source.usage.records(filter)
            let page = records.prefix(request.limit)
            let next = records.count > page.count ? page.last.map(Self.cursor) : nil
            let items = page.map { record in
                var json = JSONWriter()
                json.object { record.write(to: &$0) }
                return json.bytes
            }
            return EndpointReply(ResourceEndpoints.page(items, next))
        }.with {
            $0.details = "The newest first: a line for each attempt at a provider, and for each correction."
            $0.parameters =
                [
                    .limit,
                    EndpointParameter("after", .text(length: 1...100, format: nil), "The `next` of the page before."),
                    ReportFilters.since, ReportFilters.until,
                    EndpointParameter("outcome", .word(Outcome.allCases.map(\.label)), "Only what ended like this."),
                ] + ReportFilters.all
        }
    }

    private static func filter(_ asked: [String: String]) throws -> UsageFilter {
        var filter = UsageFilter()
        filter.since = asked["since"].flatMap { Timestamp(iso8601: $0) }
        filter.until = asked["until"].flatMap { Timestamp(iso8601: $0) }
        (filter.organization, filter.team, filter.project) = (asked["organization"], asked["team"], asked["project"])
        (filter.key, filter.user, filter.tag) = (asked["key"], asked["user"], asked["tag"])
        filter.requestedModel = asked["requested_model"]
        (filter.provider, filter.model) = (asked["provider"], asked["model"])
        filter.outcome = asked["outcome"].flatMap { Outcome(label: $0) }
        if let after = asked["after"] {
            guard let cursor = place(after) else {
                throw EndpointError(400, "invalid_query", "after is not the `next` of a page.")
            }
            filter.after = cursor
        }
        return filter
    }

    /// A place in the order of the ledger, as text: time, request and attempt.
    private static func cursor(_ record: UsageRecord) -> String {
        "\(record.startedAt.microseconds)-\(record.request)-\(record.attempt)"
    }

    private static func place(_ cursor: String) -> UsageCursor? {
        let parts = cursor.split(separator: "-")
        guard parts.count == 3, let time = Int64(parts[0]), let request = RequestID(parts[1]),
            let attempt = Int(parts[2])
        else { return nil }
        var record = UsageRecord(request: request, startedAt: Timestamp(microseconds: time))
        record.attempt = attempt
        return UsageCursor(record)
    }
}

extension UsageFilter {
    /// Asks for what lies in the place alone.
    fileprivate mutating func narrow(to place: Scope) {
        switch place.kind {
        case .organization: organization = place.name
        case .team: team = place.name
        case .project: project = place.name
        default: break
        }
    }
}
