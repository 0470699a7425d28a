import NIOCore
import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy

/// All requests that a question is about, as a file.
struct ExportEndpoint: Sendable {
    let source: ReportSource

    /// Requests of a file, and those that are read at once.
    private static let (most, page) = (1_000_000, 500)

    var endpoint: Endpoint {
        Endpoint(
            .get,
            "/requests/export",
            name: "export_requests",
            tag: "requests",
            "Give requests as a file",
            access: .holder(RequestQuestion.permission),
            answer: JSONSchema { $0.member("type", "string") }.described(
                "CSV (RFC 4180, with a byte-order mark), or a JSON object on each line."
            )
        ) { request in
            let question = try await RequestQuestion(request, source)
            let zone = try ConsoleZone(request.query["tz"])
            let isCSV = request.query["format"] != "jsonl"
            let stream = EndpointStream(patience: .seconds(60)) { writer in
                try await export(question, zone, isCSV: isCSV, to: writer)
            }
            let type = isCSV ? "text/csv; charset=utf-8" : "application/jsonl; charset=utf-8"
            var reply = EndpointReply(type, stream)
            reply.fileName = "requests.\(isCSV ? "csv" : "jsonl")"
            return reply
        }.with {
            $0.answerTypes = ["text/csv", "application/jsonl"]
            $0.details = """
                The newest first, at most \(Self.most); a last line says where there are more. Texts that a \
                spreadsheet would take for formulas have an apostrophe before them.
                """
            $0.parameters =
                [
                    EndpointParameter("format", .word(["csv", "jsonl"]), "csv without it."),
                    ConsoleZone.parameter,
                ] + RequestQuestion.parameters
        }
    }

    private func export(
        _ question: RequestQuestion,
        _ zone: ConsoleZone,
        isCSV: Bool,
        to writer: EndpointWriter
    ) async throws {
        var search = question.search
        (search.order, search.filter.limit) = (.time, Self.page)
        // What comes while the file is made is not part of it.
        if search.filter.until == nil { search.filter.until = source.clock.now() }
        if isCSV { try await writer.write(ByteBuffer(string: "\u{FEFF}" + RequestTable.head(zone))) }
        var (names, count): ([String: String], Int) = ([:], 0)
        while true {
            let page = try await source.requests.requests(search)
            for id in Set(page.requests.map(\.record.key)) where !id.isEmpty && names[id] == nil {
                names[id] = try await source.keys.key(id)?.name ?? ""
            }
            var piece = ByteBuffer()
            for entry in page.requests {
                let name = names[entry.record.key]
                if isCSV {
                    piece.writeString(RequestTable.line(entry, zone, keyName: name))
                } else {
                    var json = JSONWriter(capacity: 1_024)
                    json.object { entry.write(to: &$0, keyName: name) }
                    piece.writeBytes(json.bytes)
                    piece.writeString("\n")
                }
            }
            count += page.requests.count
            guard let next = page.next else { return try await writer.write(piece) }
            if count >= Self.most {
                piece.writeString(isCSV ? "there are more than \(Self.most)\r\n" : "{\"truncated\":true}\n")
                return try await writer.write(piece)
            }
            if piece.readableBytes > 0 { try await writer.write(piece) }
            search.filter.after = next
        }
    }
}

/// Requests as lines of CSV (RFC 4180).
enum RequestTable {
    private static let columns = [
        "type", "asked", "provider", "model", "organization", "team", "project", "key", "key_name", "user", "tags",
        "input_tokens", "output_tokens", "cached_tokens", "reasoning_tokens", "cost_usd", "charge_usd", "saved_usd",
        "latency_ms", "ttft_ms", "status", "outcome", "why", "attempts", "fallback", "stream",
    ]

    static func head(_ zone: ConsoleZone) -> String {
        (["id", "time_utc", cell("time_\(zone.name)")] + columns).joined(separator: ",") + "\r\n"
    }

    static func line(_ entry: RequestEntry, _ zone: ConsoleZone, keyName: String?) -> String {
        let record = entry.record
        let offset = zone.offset(at: record.startedAt)
        let local = Timestamp(microseconds: record.startedAt.microseconds + offset * 1_000_000).description.dropLast()
        let texts = [
            record.operation, record.requestedModel, record.provider, record.model, record.organization, record.team,
            record.project, record.key, keyName ?? "", record.user, record.tags.joined(separator: " "),
        ]
        let usage = record.usage
        let numbers = [
            "\(usage.input)", "\(usage.output)", "\(usage.cacheRead)", "\(usage.reasoning)",
            entry.cost?.description ?? "", entry.charge?.description ?? "", entry.saved.description,
            "\(milliseconds(record.duration))", record.timeToFirstToken.map { "\(milliseconds($0))" } ?? "",
            "\(record.status)", record.outcome.label,
        ]
        let rest = ["\(entry.attempts)", "\(entry.isFallback)", "\(record.isStream)"]
        let cells =
            [record.request.description, record.startedAt.description, local + Self.zone(offset)]
            + texts.map(cell) + numbers + [cell(record.errorCode)] + rest
        return cells.joined(separator: ",") + "\r\n"
    }

    /// Hours and minutes by which local time is ahead of UTC, as RFC 3339 has them.
    private static func zone(_ offset: Int64) -> String {
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let minutes = abs(offset) / 60
        return "\(offset < 0 ? "-" : "+")\(two(minutes / 60)):\(two(minutes % 60))"
    }

    /// A text as a cell that no spreadsheet takes for a formula.
    static func cell(_ text: String) -> String {
        var text = text
        // By bytes: a carriage return and a line feed are one character together.
        if let first = text.utf8.first, "=+-@\t\r\n".utf8.contains(first) { text = "'" + text }
        guard text.utf8.contains(where: { [UInt8(ascii: ","), UInt8(ascii: "\""), 10, 13].contains($0) }) else {
            return text
        }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
