import NIOCore
import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy

/// All requests that a question is about, as a file.
struct ExportEndpoint: Sendable {
    let source: ReportSource
    /// Each walks through the ledger for as long as its client reads; one who reads slowly is not to hold them all.
    private let places = Places(limit: Self.atOnce, each: 1)

    init(source: ReportSource) {
        self.source = source
    }

    /// Requests of a file, and those that are read at once.
    private static let (most, page) = (1_000_000, 500)
    /// Pages of fewer requests than that, each after as many lines of the ledger as a search may look at.
    private static let mostSparse = 1_000
    /// Files that are made at a time.
    private static let atOnce = 2
    /// How long one may take, in nanoseconds: what keeps to the patience with each piece would go on for days.
    private static let longest: UInt64 = 600_000_000_000
    /// Pages from one look at whether the author may still see them to the next.
    private static let watch = 20

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
            guard let place = places.take(for: request.author.actor) else {
                var refusal = EndpointError(
                    429,
                    "too_many_exports",
                    "A file for you is being made already, or \(Self.atOnce) for others: try again when one is there."
                )
                refusal.retryAfter = 10
                throw refusal
            }
            let stream = EndpointStream(patience: .seconds(60)) { writer in
                try await export(question, zone, isCSV: isCSV, request, to: writer)
                withExtendedLifetime(place) {}
            }
            let type = isCSV ? "text/csv; charset=utf-8" : "application/jsonl; charset=utf-8"
            var reply = EndpointReply(type, stream)
            reply.fileName = "requests.\(isCSV ? "csv" : "jsonl")"
            return reply
        }.with {
            $0.answerTypes = ["text/csv", "application/jsonl"]
            $0.details = """
                The newest first, at most \(Self.most), and fewer where they are rare among the lines of the ledger; a \
                last line says where there are more. Texts that a spreadsheet would take for formulas have an apostrophe \
                before them. \(Self.atOnce) files are made at a time, and one for each who asks; one ends after ten minutes, \
                and is cut off when the one who asked may no longer see what is in it.
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
        _ request: EndpointRequest,
        to writer: EndpointWriter
    ) async throws {
        var search = question.search
        (search.order, search.filter.limit) = (.time, Self.page)
        // What comes while the file is made is not part of it.
        if search.filter.until == nil { search.filter.until = source.clock.now() }
        if isCSV { try await writer.write(ByteBuffer(string: "\u{FEFF}" + RequestTable.head(zone))) }
        var names: [String: String] = [:]
        var (count, sparse) = (0, 0)
        let end = source.clock.uptime() + Self.longest
        for number in 1... {
            try Task.checkCancellation()
            if number.isMultiple(of: Self.watch) { try await recheck(request, question) }
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
            if page.requests.count < Self.page { sparse += 1 }
            guard let next = page.next else { return try await writer.write(piece) }
            if count >= Self.most || sparse >= Self.mostSparse || source.clock.uptime() >= end {
                piece.writeString(isCSV ? "there are more than these \(count)\r\n" : "{\"truncated\":true}\n")
                return try await writer.write(piece)
            }
            // Nothing as well: that tells whether somebody is there to read what comes.
            try await writer.write(piece)
            search.filter.after = next
        }
    }

    /// - Throws: where the one who asked may no longer see the same.
    private func recheck(_ request: EndpointRequest, _ question: RequestQuestion) async throws {
        var again = request
        guard let author = await request.recheck() else { throw ExportEnd() }
        again.author = author
        guard try await RequestQuestion(again, source).place == question.place else { throw ExportEnd() }
    }
}

/// The one who asked for a file may no longer see what is in it.
private struct ExportEnd: Error {}
