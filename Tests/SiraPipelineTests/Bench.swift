import NIOCore
import SiraCatalog
import SiraCore
import SiraLaneTesting
import SiraLedger
import SiraPipeline
import SiraStorage
import SiraTenancy
import SiraTesting
import SiraWire

/// A pipeline on a lane without a network.
struct Bench {
    let lane: LaneBench
    let pipeline: Pipeline

    init(
        policy: GatewayPolicy = GatewayPolicy(),
        keys: [APIKey] = [],
        journal: JournalSettings = JournalSettings(),
        prices: [String: Rates] = [:]
    ) throws {
        lane = try LaneBench(policy: policy, keys: keys, journal: journal, prices: prices)
        pipeline = Pipeline(lane.context)
    }

    /// What the next requests to providers get.
    func script(_ turns: ScriptedTransport.Turn...) { lane.transport.turns += turns }

    /// A question to the gateway itself, as far as it goes by itself.
    ///
    /// - Parameter key: the key that is presented; none unless said otherwise.
    func read(
        key: String? = nil,
        headers: [HeaderFields.Field] = [],
        _ body: @escaping (Pipeline, HeaderFields, any ClientStream) async -> Void
    ) -> Client {
        let client = Client()
        let fields = HeaderFields(headers + (key.map { [("x-api-key", $0)] } ?? []))
        lane.loop.start { [pipeline] in await body(pipeline, fields, client) }
        return client
    }

    /// A request, as far as it goes by itself.
    ///
    /// - Parameter key: the key that is presented; the lane's own unless said otherwise.
    @discardableResult
    func ask(
        _ body: String,
        _ operation: SiraWire.Operation = .chat,
        key: String?? = .none,
        headers: [HeaderFields.Field] = [],
        path: PathFacts = PathFacts(),
        matter: Matter = .call,
        method: String = "POST",
        query: String = "",
        source: ArrivingBody? = nil,
        client: Client = Client()
    ) -> Client {
        var fields = HeaderFields(headers)
        if fields["content-type"] == nil, !body.isEmpty { fields.append("content-type", "application/json") }
        if let key = key ?? lane.keyText { fields.append("authorization", "Bearer \(key)") }
        let inbound = Inbound(
            operation: operation,
            path: path,
            matter: matter,
            method: method,
            query: query,
            headers: fields,
            body: ByteBuffer(string: body),
            source: source,
            startedAt: lane.clock.now,
            startedUptime: lane.clock.uptime,
            extraFields: []
        )
        lane.loop.start { await pipeline.run(inbound, to: client) }
        return client
    }

    /// The answer that is kept for the lane's key under that id.
    func kept(_ id: String) -> StoredResponse? {
        var found: StoredResponse?
        lane.loop.start { found = try? await lane.responses.response(id, of: lane.key.key.id) }
        return found
    }

    /// What the test's last action has set off.
    func settle() { lane.loop.run() }

    /// The ledger's only line.
    func record() async throws -> UsageRecord {
        let records = try await lane.records()
        guard records.count == 1 else { throw Unexpected(records: records) }
        return records[0]
    }

    /// That the ledger does not have exactly one line.
    struct Unexpected: Error {
        let records: [UsageRecord]
    }
}

/// Requests and answers that tests share.
enum Sample {
    static let chat = #"{"model":"small","messages":[{"role":"user","content":"Hi"}]}"#
    static let chatStream = #"{"model":"small","stream":true,"messages":[{"role":"user","content":"Hi"}]}"#
    static let messages = #"{"model":"sonnet","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}"#
    static let messagesStream =
        #"{"model":"sonnet","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"Hi"}]}"#

    /// 7 tokens in, 3 out: 38,000 nano-dollars at alpha, 48,000 at beta.
    static let completion =
        #"{"id":"c1","object":"chat.completion","model":"small","choices":[{"index":0,"message":{"role":"assistant","#
        + #""content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}}"#

    static func chunk(_ text: String) -> String {
        #"data: {"id":"c1","object":"chat.completion.chunk","model":"small","choices":[{"index":0,"delta":{"content":""#
            + text + "\"}}]}\n\n"
    }

    static let opening =
        #"data: {"id":"c1","object":"chat.completion.chunk","model":"small","choices":[{"index":0,"delta":{"role":"#
        + "\"assistant\",\"content\":\"\"}}]}\n\n"
    static let usageChunk =
        #"data: {"id":"c1","object":"chat.completion.chunk","model":"small","choices":[],"usage":{"prompt_tokens":7,"#
        + "\"completion_tokens\":3,\"total_tokens\":10}}\n\n"
    static let done = "data: [DONE]\n\n"

    /// 1,000 tokens in, 800 of them from the cache.
    static let messageStart =
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m1\",\"type\":\"message\",\"role\":"
        + "\"assistant\",\"model\":\"sonnet\",\"content\":[],\"stop_reason\":null,\"usage\":{\"input_tokens\":200,"
        + "\"cache_read_input_tokens\":800,\"cache_creation_input_tokens\":0,\"output_tokens\":1}}}\n\n"
        + "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":"
        + "\"text\",\"text\":\"\"}}\n\n"

    static func delta(_ text: String) -> String {
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\","
            + "\"text\":\"\(text)\"}}\n\n"
    }

    /// 3 tokens out: with those in 600,000 + 240,000 + 45,000 nano-dollars.
    static let messageStop =
        "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
        + "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":"
        + "{\"output_tokens\":3}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"
}
