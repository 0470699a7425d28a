import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy

/// Requests, one line each, and the lines of the ledger behind them.
struct RequestListEndpoint: Sendable {
    let source: ReportSource

    var endpoint: Endpoint {
        Endpoint(
            .get,
            "/requests",
            name: "list_requests",
            tag: "requests",
            "List requests",
            access: .holder(RequestQuestion.permission),
            answer: Self.answer
        ) { request in
            EndpointReply(try await answer(request))
        }.with {
            $0.details = """
                The newest first. `data` has the lines of the ledger of these requests, one for each attempt at a \
                provider and for each correction, unless `lines` is false. No more than \(RequestSearch.usualBudget) \
                lines of the ledger are looked at for a page: where `whole` is false a page may be short, or empty, \
                and `next` goes on. `counts` and `histogram` are there with `summary`; they come from sums that are \
                kept, or from counting, and where that would take too long from the newest requests alone (`sampled`, \
                back to `sampled_since`); from sums that are kept, `slow` has those that ended well alone. Who may see one place alone is told of that place; who may see \
                several names one.
                """
            $0.parameters =
                [.limit] + RequestQuestion.parameters + [
                    RequestQuestion.order,
                    EndpointParameter("cursor", .text(length: 1...100, format: nil), "The `next` of the page before."),
                    EndpointParameter("after", .text(length: 1...100, format: nil), "The same as `cursor`."),
                    EndpointParameter("summary", .boolean, "Whether to count; not for further pages."),
                    EndpointParameter("lines", .boolean, "Whether to tell the lines of the ledger as well; true."),
                ]
        }
    }

    private func answer(_ request: EndpointRequest) async throws -> [UInt8] {
        var question = try await RequestQuestion(request, source)
        let now = source.clock.now()
        let summed = question
        question.search.filter.limit = request.limit
        let anchor = question.search.filter.until ?? now
        if let cursor = request.query["cursor"] ?? request.query["after"] {
            try RequestCursor.apply(cursor, to: &question.search)
        } else if question.search.order != .time {
            question.search.filter.until = anchor
        }
        let page = try await source.requests.requests(question.search)
        let names = try await source.keyNames(of: page.requests.map(\.record.key))
        let summary =
            request.query["summary"] == "true"
            ? try await RequestTally.of(summed, source, now: now) : nil
        let next = self.next(of: page, question.search)
        var json = JSONWriter(capacity: 16_384)
        json.object { json in
            json.array("requests") { list in
                for entry in page.requests {
                    list.object { entry.write(to: &$0, keyName: names[entry.record.key]) }
                }
            }
            if request.query["lines"] != "false" {
                json.array("data") { list in
                    for line in page.requests.flatMap(\.lines) { list.object { line.write(to: &$0) } }
                }
            }
            json.member("has_more", next != nil)
            json.member("next", known: next)
            json.member("scope", question.place.description)
            json.member("whole", page.isWhole)
            json.member("slow_ms", milliseconds(question.search.slow))
            summary?.write(to: &json)
        }
        return json.bytes
    }

    private func next(of page: RequestPage, _ search: RequestSearch) -> String? {
        guard let next = page.next else { return nil }
        guard search.order != .time, let until = search.filter.until else { return RequestCursor.text(next) }
        return RequestCursor.text(offset: search.offset + page.requests.count, until: until)
    }

    private static let answer = JSONSchema.object(
        [
            ("requests", .list(ReportSchemas.loose("A request, told by the attempt that counts."))),
            ("data", .list(ReportSchemas.loose("A line of the ledger."))),
            ("has_more", .boolean),
            ("next", JSONSchema.text(0...100).orNull.described("What `cursor` is to be for the next page.")),
            ("scope", JSONSchema.text().described("The place that all of it lies in.")),
            ("whole", .boolean),
            ("slow_ms", .number),
            ("counts", ReportSchemas.loose("How many there are: all, errors, slow, cached, blocked.")),
            ("histogram", ReportSchemas.loose("Columns by the start of each slice, in seconds since 1970.")),
            ("sampled", .boolean),
            ("sampled_since", JSONSchema.time.orNull),
        ],
        optional: ["data", "counts", "histogram", "sampled", "sampled_since"]
    )
}

extension ReportSource {
    /// The names of keys, by their ids.
    func keyNames(of ids: [String]) async throws -> [String: String] {
        var names: [String: String] = [:]
        for id in Set(ids) where !id.isEmpty { names[id] = try await keys.key(id)?.name }
        return names
    }
}
