import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy

/// Why requests went where they went, the newest first.
struct DecisionsEndpoint: Sendable {
    let source: RoutingSource

    /// Records that are looked at for one page.
    private static let budget = 2_000

    var endpoint: Endpoint {
        Endpoint(
            .get,
            "/decisions",
            name: "list_decisions",
            tag: "routing",
            "Tell why requests went where they went",
            access: .gateway(RoutingEndpoints.permission),
            answer: .object([
                (
                    "decisions",
                    .list(
                        .object([
                            ("id", .text()), ("at", .time), ("decision", ReportSchemas.loose("The record.")),
                            ("request", JSONSchema.anything.described("The request, once it is booked.")),
                        ])
                    )
                ),
                ("next", JSONSchema.text().orNull),
            ])
        ) { request in
            EndpointReply(try await answer(request))
        }.with {
            $0.details = """
                The newest first; of requests that had nothing to choose and went well none is kept. No more than \
                \(Self.budget) records are looked at for a page, so one may be short and go on at `next`.
                """
            $0.parameters = [
                .limit,
                EndpointParameter("cursor", .text(length: 30...30, format: nil), "The `next` of the page before."),
                EndpointParameter("route", ReportFilters.name, "Only what went by this route."),
            ]
        }
    }

    private func answer(_ request: EndpointRequest) async throws -> [UInt8] {
        var end: RequestID?
        if let cursor = request.query["cursor"] {
            guard let id = RequestID(cursor) else {
                throw ConsoleFilters.invalid("cursor", "is not the `next` of a page")
            }
            end = id
        }
        let (found, next) = try await records(before: end, route: request.query["route"], limit: request.limit)
        let entries = try await source.reports.requests.entries(of: found.map(\.request))
        let names = try await source.reports.keyNames(of: entries.map(\.record.key))
        let byID = Dictionary(entries.map { ($0.record.request, $0) }) { first, _ in first }
        var json = JSONWriter(capacity: 16_384)
        json.object { json in
            json.array("decisions") { list in
                for record in found {
                    list.object { json in
                        json.member("id", record.request.description)
                        json.member("at", record.createdAt.description)
                        json.member("decision", RawJSON(bytes: record.json))
                        json.key("request")
                        guard let entry = byID[record.request] else { return json.null() }
                        json.object { entry.write(to: &$0, keyName: names[entry.record.key]) }
                    }
                }
            }
            json.member("next", known: next?.description)
        }
        return json.bytes
    }

    private func records(
        before end: RequestID?,
        route: String?,
        limit: Int
    ) async throws -> (found: [StoredDecision], next: RequestID?) {
        var (found, end, seen): ([StoredDecision], RequestID?, Int) = ([], end, 0)
        let size = route == nil ? limit + 1 : 200
        while seen < Self.budget {
            let page = try await source.decisions.newest(before: end, limit: size)
            for record in page {
                guard route == nil || Self.route(of: record) == route else {
                    end = record.request
                    continue
                }
                guard found.count < limit else { return (found, found.last?.request) }
                found.append(record)
                end = record.request
            }
            seen += page.count
            guard page.count == size else { return (found, nil) }
        }
        return (found, end)
    }

    private static func route(of record: StoredDecision) -> String? {
        try? JSONIndexer().read(record.json) { $0["route"]?.string }
    }
}
