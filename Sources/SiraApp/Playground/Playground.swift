import NIOCore
import SiraAdmin
import SiraCore
import SiraJSON
import SiraPipeline
import SiraStorage
import SiraTelemetry
import SiraTenancy
import SiraWire

/// Lets people try models in the console: their requests take the same way as those of their applications.
struct Playground: Sendable {
    let keys: PlaygroundKeys
    let lanes: LaneSetReference
    /// Whether requests are served without a key now.
    let needsNoKey: @Sendable () async -> Bool
    /// The lines of a request in the books, once it is booked.
    let records: @Sendable (RequestID) async throws -> [UsageRecord]
    private let running = Places(limit: Self.limit)

    /// The most answers at the same time.
    private static let limit = 50
    /// The largest refusal that is read.
    private static let refusalLimit = 65_536

    init(
        keys: PlaygroundKeys,
        lanes: LaneSetReference,
        needsNoKey: @escaping @Sendable () async -> Bool,
        records: @escaping @Sendable (RequestID) async throws -> [UsageRecord]
    ) {
        self.keys = keys
        self.lanes = lanes
        self.needsNoKey = needsNoKey
        self.records = records
    }

    /// Asks, and streams the answer.
    func answer(_ request: EndpointRequest) async throws -> EndpointReply {
        guard request.idempotencyKey == nil else {
            throw EndpointError(400, "invalid_header", "A streamed answer is not kept: leave Idempotency-Key out.")
        }
        let order = try Order(request.body)
        guard let lanes = lanes.value else { throw EndpointError(503, "starting", "The gateway has not started yet.") }
        var headers = HeaderFields()
        headers.append("content-type", "application/json")
        headers.append("user-agent", "sira-console")
        // It is this machine that asks.
        headers.append("host", "localhost")
        headers.append("x-sira-tags", "playground")
        for (name, value) in order.headers { headers.append(name, value) }
        if let key = try await key(for: request.author, order) {
            headers.append("authorization", "Bearer \(key.reveal())")
        }
        guard let place = PlaygroundPlace(in: running) else {
            throw EndpointError(429, "too_many_streams", "\(Self.limit) answers are under way already; wait.")
        }
        let answer = try await lanes.askChat(order.body, headers: headers)
        place.begin { answer.abandon() }
        var head: (status: Int, fields: HeaderFields)?
        for await event in answer.events {
            if case .head(let status, let fields) = event { head = (status, fields) }
            break
        }
        guard let head else { throw EndpointError(502, "upstream_interrupted", "The answer broke off.") }
        guard head.status == 200 else {
            let refusal = await Self.refusal(head.status, answer)
            place.end()
            throw refusal
        }
        return EndpointReply(
            "text/event-stream; charset=utf-8",
            EndpointStream(patience: .seconds(30)) { writer in
                try await pass(answer, head.fields, to: writer)
                place.end()
            }
        )
    }

    /// The key of a request; nil where none is needed.
    ///
    /// Where none is needed none is made: a first one would shut out all programs that have none.
    private func key(for author: Author, _ order: Order) async throws -> Secret? {
        guard await needsNoKey() else {
            return try await keys.text(for: author, project: order.project, like: order.key)
        }
        guard order.project == nil, order.key == nil,
            author.authority.allows(Permission(.keys, .write), in: [.gateway])
        else {
            let message =
                "Requests are served without a key until there is a first one, and that is not for the playground to "
                + "make. Make one first; or leave out project and key, if you may make keys for the gateway."
            throw EndpointError(409, "unfit_state", message)
        }
        return nil
    }

    // MARK: the answer

    private func pass(_ answer: InnerAnswer, _ fields: HeaderFields, to writer: EndpointWriter) async throws {
        var start = JSONWriter()
        start.object { Self.write(fields, to: &$0) }
        try await writer.write(Self.event("start", start.bytes))
        var isWhole = false
        for await event in answer.events {
            switch event {
            case .piece(let piece):
                try await writer.write(piece)
                answer.taken(piece)
            case .end: isWhole = true
            case .head, .brokenOff: break
            }
        }
        if !isWhole {
            let error = EndpointError(502, "upstream_interrupted", "The answer broke off.")
            var json = JSONWriter()
            json.object { json in
                json.object("error") { json in
                    json.member("code", error.code)
                    json.member("message", error.message)
                }
            }
            try await writer.write(Self.event("error", json.bytes))
        }
        try await writer.write(Self.event("end", await summary(fields)))
    }

    /// What the request came to.
    private func summary(_ fields: HeaderFields) async -> [UInt8] {
        let id = fields["x-sira-request-id"].flatMap { RequestID($0) }
        var records: [UsageRecord] = []
        if let id { records = (try? await self.records(id)) ?? [] }
        let last = records.last(where: \.isFinal)
        var json = JSONWriter()
        json.object { json in
            Self.write(fields, to: &json)
            guard let last else {
                for name in ["usage", "cost_nano", "charge_nano", "latency_ms", "ttft_ms", "attempts"] {
                    json.key(dynamic: name)
                    json.null()
                }
                return
            }
            json.object("usage") { json in
                json.member("input_tokens", last.usage.input)
                json.member("output_tokens", last.usage.output)
                json.member("cached_tokens", last.usage.cacheRead)
                json.member("reasoning_tokens", last.usage.reasoning)
            }
            let costs = records.compactMap(\.cost)
            if costs.count == records.count {
                json.member("cost_nano", String(costs.reduce(NanoUSD.zero, +).nanos))
            } else {
                json.null("cost_nano")
            }
            if let charge = last.charge {
                json.member("charge_nano", String(charge.nanos))
            } else {
                json.null("charge_nano")
            }
            json.member("latency_ms", Double(last.duration) / 1_000)
            if let time = last.timeToFirstToken {
                json.member("ttft_ms", Double(time) / 1_000)
            } else {
                json.null("ttft_ms")
            }
            json.member("attempts", records.count)
        }
        return json.bytes
    }

    private static func write(_ fields: HeaderFields, to json: inout JSONWriter) {
        for (name, field) in [
            ("request_id", "x-sira-request-id"), ("provider", "x-sira-provider"), ("model", "x-sira-model"),
            ("route", "x-sira-route"), ("experiment", "x-sira-experiment"),
        ] {
            json.key(dynamic: name)
            if let value = fields[field] { json.element(value) } else { json.null() }
        }
    }

    private static func event(_ name: String, _ data: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer(string: "event: \(name)\ndata: ")
        buffer.writeBytes(data)
        buffer.writeString("\n\n")
        return buffer
    }

    /// The data plane's refusal, in the admin API's shape.
    private static func refusal(_ status: Int, _ answer: InnerAnswer) async -> EndpointError {
        var body: [UInt8] = []
        for await event in answer.events {
            guard case .piece(let piece) = event else { continue }
            answer.taken(piece)
            if body.count + piece.readableBytes <= refusalLimit { body += piece.readableBytesView }
        }
        let told = try? JSONIndexer().read(body, limits: .answer) { json in
            (json["error"]?["code"]?.string, json["error"]?["message"]?.string)
        }
        // A client of the console is known, whatever the data plane thinks of its key.
        let code = status == 401 ? 409 : status
        return EndpointError(code, told?.0 ?? "refused", told?.1 ?? "The request was refused with \(status).")
    }

    // MARK: the request

    /// What somebody wants to be asked.
    struct Order: Sendable {
        var body: [UInt8] = []
        var project: String?
        var key: String?
        var headers: [(String, String)] = []

        /// Fields of a chat request that are not for parameters to say.
        private static let reserved: Set<String> = ["model", "messages", "stream", "stream_options"]

        init(_ bytes: [UInt8]) throws {
            do {
                try JSONIndexer().read(bytes) { try read($0) }
            } catch let error as JSONError {
                throw EndpointError(400, "malformed_json", "The body is not JSON: \(error).")
            }
        }

        private mutating func read(_ json: JSONValue) throws {
            var problems: [FieldProblem] = []
            let names = ["model", "route"].compactMap { name in
                json.members.first { $0.key.string == name }?.value.string
            }
            if names.count != 1 { problems.append(FieldProblem("model", "give a model or a route, and not both")) }
            let messages = json["messages"]
            if messages?.kind != .array { problems.append(FieldProblem("messages", "must be a list")) }
            let parameters = json.present("parameters")
            if let parameters, parameters.kind != .object {
                problems.append(FieldProblem("parameters", "must be an object"))
            }
            project = json.present("project")?.string
            key = json.present("key")?.string
            if let objective = json.present("objective")?.string { headers.append(("x-sira-objective", objective)) }
            guard problems.isEmpty, let name = names.first, let messages else {
                throw EndpointError(422, "invalid_fields", "\(FieldProblems(problems)).", fields: problems)
            }
            var writer = JSONWriter(capacity: 4_096)
            writer.object { writer in
                writer.member("model", name)
                writer.key("messages")
                writer.element(messages)
                if let parameters, parameters.kind == .object {
                    for (field, value) in parameters.members where !Self.reserved.contains(field.string ?? "") {
                        writer.key(dynamic: field.string ?? "")
                        writer.element(value)
                    }
                }
                writer.member("stream", true)
                writer.object("stream_options") { $0.member("include_usage", true) }
            }
            body = writer.bytes
        }
    }
}
