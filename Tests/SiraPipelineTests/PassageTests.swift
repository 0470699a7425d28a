import NIOCore
import SiraCore
import SiraLaneTesting
import SiraPipeline
import SiraStorage
import SiraTenancy
import SiraTesting
import SiraWire
import Testing

@Suite struct PassageTests {
    private static func matter(_ provider: String, _ path: String, _ query: String = "") -> Matter {
        .passage(Passage(provider: provider, path: path, query: query))
    }

    @Test func `a request goes to the provider's path as it is, with its credential and without the client's`()
        async throws
    {
        var policy = GatewayPolicy()
        policy.accountPaths = .pass
        let bench = try Bench(policy: policy)
        let answer = ScriptedAnswer(
            status: 201,
            [("content-type", "application/json"), ("location", "/x"), ("server", "y")]
        )
        answer.send(#"{"id":"vs_1"}"#)
        answer.end()
        bench.script(.answer(answer))
        let client = bench.ask(
            #"{"name":"n"}"#,
            .passthrough,
            headers: [("x-api-key", "mine"), ("cookie", "a"), ("openai-beta", "assistants=v2"), ("accept", "*/*")],
            matter: Self.matter("alpha", "/v1/vector_stores", "limit=2"),
            method: "PUT"
        )
        let request = bench.lane.transport.requests[0]
        #expect(
            request.method == "PUT" && request.path == "/v1/vector_stores?limit=2"
                && request.endpoint.host == "alpha.test"
        )
        #expect(String(buffer: request.body) == #"{"name":"n"}"#)
        #expect(request.headers["authorization"] == "Bearer key-of-alpha" && request.headers["x-api-key"] == nil)
        #expect(request.headers["cookie"] == nil && request.headers["openai-beta"] == "assistants=v2")
        #expect(request.headers["accept"] == "*/*" && request.headers["content-type"] == "application/json")
        #expect(client.status == 201 && client.body == #"{"id":"vs_1"}"# && client.isEnded)
        #expect(
            client.headers["location"] == "/x" && client.headers["server"] == nil
                && client.headers["x-sira-provider"] == "alpha"
        )
        let record = try await bench.record()
        #expect(
            record.operation == "passthrough" && record.usageBasis == .none && record.cost == nil
                && record.status == 201
        )
    }

    @Test func `what is asked of a model is metered, whole and as a stream`() async throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: Sample.completion)))
        let stream = ScriptedAnswer(stream: [Sample.chunk("a"), Sample.usageChunk])
        bench.script(.answer(stream))
        let matter = Self.matter("alpha", "/v1/chat/completions")
        #expect(bench.ask(Sample.chat, .passthrough, matter: matter).body == Sample.completion)
        let client = bench.ask(Sample.chatStream, .passthrough, matter: matter)
        #expect(client.body == Sample.chunk("a") + Sample.usageChunk, "not even the figures are kept back")
        stream.send(Sample.done)
        stream.end()
        bench.settle()
        #expect(client.body.hasSuffix(Sample.usageChunk + Sample.done) && client.isEnded)
        for record in try await bench.lane.records() {
            #expect(
                record.usage.input == 7 && record.cost == NanoUSD(nanos: 38_000)
                    && record.requestedModel == "alpha/small"
            )
        }
    }

    @Test func `another protocol is metered by its own reader`() async throws {
        let bench = try Bench()
        let stream = ScriptedAnswer(stream: [Sample.messageStart, Sample.delta("a"), Sample.messageStop])
        stream.end()
        bench.script(.answer(stream))
        bench.ask(Sample.messagesStream, .passthrough, matter: Self.matter("gamma", "/v1/messages"))
        #expect(bench.lane.transport.requests[0].headers["anthropic-version"] == "2023-06-01")
        let record = try await bench.record()
        #expect(record.isStream && record.cost == NanoUSD(nanos: 885_000))
    }

    @Test func `what the provider refuses is passed on, and costs nothing`() async throws {
        let bench = try Bench()
        bench.script(.answer(.init(status: 404, json: #"{"error":"none"}"#)))
        let client = bench.ask("", .passthrough, matter: Self.matter("alpha", "/v1/none"))
        #expect(client.status == 404 && client.body == #"{"error":"none"}"#)
        #expect(bench.lane.transport.requests[0].headers["content-type"] == nil)
        let record = try await bench.record()
        #expect(record.cost == .zero && record.status == 404 && record.outcome != .ok)
    }

    @Test(arguments: [401, 402, 403])
    func `what it says of the operator's account is not`(status: Int) throws {
        let bench = try Bench()
        bench.script(.answer(.init(status: status, json: #"{"error":{"message":"org-secret"}}"#)))
        let client = bench.ask("", .passthrough, matter: Self.matter("alpha", "/v1/x"))
        #expect(client.status == 502 && !client.body.contains("org-secret"))
    }

    @Test func `a key for some models may use paths that name one of them, and no others`() throws {
        var random = SeededRandom(seed: 3)
        let issued = APIKey.issue(name: "some", at: Timestamp(microseconds: 0), using: &random)
        var key = issued.key
        key.allowedModels = [try #require(ModelPattern("alpha/small")), try #require(ModelPattern("sonnet"))]
        let bench = try Bench(keys: [key])
        let text = issued.text.reveal()
        func status(_ provider: String, _ path: String, _ body: String, _ type: String = "application/json") -> Int {
            bench.script(.answer(.init(json: "{}")))
            let client = bench.ask(
                body,
                .passthrough,
                key: text,
                headers: [("content-type", type)],
                matter: Self.matter(provider, path)
            )
            bench.lane.transport.turns = []
            return client.status
        }
        #expect(status("alpha", "/v1/chat/completions", Sample.chat) == 200)
        #expect(status("gamma", "/v1/messages", Sample.messages) == 200, "the bare name leads there")
        #expect(status("beta", "/v1/chat/completions", Sample.chat) == 403)
        #expect(status("alpha", "/v1/chat/completions", #"{"model":"big"}"#) == 403)
        #expect(status("alpha", "/v1/models/small:generateContent", "{}") == 200)
        #expect(status("alpha", "/model/small/converse", "{}") == 200)
        #expect(status("alpha", "/model/big/converse", #"{"model":"small"}"#) == 403)
        #expect(status("alpha", "/deployments/big/chat/completions", #"{"model":"small"}"#) == 403)
        for (path, body, type) in [
            ("/v1/videos/generate", #"{"model":"small"}"#, "application/json"),
            ("/v1/anything", #"{"model":"small"}"#, "application/json"),
            ("/v1/chat/completions", "{", "application/json"),
            ("/v1/chat/completions", #"{"model":"small","model":"big"}"#, "application/json"),
            ("/v1/chat/completions", Sample.chat, "text/plain"),
        ] {
            #expect(status("alpha", path, body, type) == 403, "\(path) \(body)")
        }
    }

    @Test(arguments: [
        "/v1/files", "/v1/files/file-1/content", "/v1beta/cachedContents", "/v1/threads/t/messages",
        "/v1/responses/resp_1",
        "/v1/realtime/client_secrets", "/v1/vector_stores", "/v1/organization/users", "/v1/messages/batches",
    ])
    func `what belongs to the account at a provider is not for single keys`(path: String) throws {
        let bench = try Bench()
        let client = bench.ask("", .passthrough, matter: Self.matter("alpha", path), method: "GET")
        #expect(client.status == 403 && client.body.contains("server.account_paths"))
        #expect(bench.lane.transport.requests.isEmpty)
    }

    private static let ofAccount: [(String, String)] = [
        ("GET", "/v1/chat/completions"), ("GET", "/v1/chat/completions/chatcmpl-1"), ("POST", "/v1/chat/completions/c"),
        ("DELETE", "/v1/models/ft:gpt"), ("GET", "/async-invoke"), ("POST", "/async-invoke"),
        ("GET", "/model-invocation-jobs"), ("GET", "/custom-models"), ("GET", "/api/v1/credits"),
        ("GET", "/api/v1/key"),
        ("GET", "/v1/anything"), ("PUT", "/v1/models/x"), ("POST", "/v1/responses/resp_1/cancel"),
        ("GET", "/v1/responses/input_tokens"),
    ]

    @Test(arguments: ofAccount)
    func `what may be read or changed by single keys is what is known to be alike for all`(
        method: String,
        path: String
    ) async throws {
        let bench = try Bench()
        let client = bench.ask("{}", .passthrough, matter: Self.matter("alpha", path), method: method)
        #expect(client.status == 403 && client.code == "path_not_allowed" && bench.lane.transport.requests.isEmpty)
        #expect(try await bench.record().outcome == .blocked)
    }

    private static let stateless: [(String, String)] = [
        ("POST", "/v1/responses/input_tokens"), ("POST", "/v1/responses/compact"), ("GET", "/v1/models"),
        ("GET", "/foundation-models"), ("GET", "/api/v1/models/a/b/endpoints"), ("POST", "/v1/ocr"),
    ]

    @Test(arguments: stateless)
    func `what asks a model, and what tells of models, passes`(method: String, path: String) throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: "{}")))
        let body = method == "POST" ? #"{"model":"m"}"# : ""
        #expect(bench.ask(body, .passthrough, matter: Self.matter("alpha", path), method: method).status == 200)
    }

    @Test func `counting and compacting go on from a key's own answers alone`() throws {
        let bench = try Bench()
        let body = #"{"model":"m","previous_response_id":"resp_1"}"#
        for path in ["/v1/responses/input_tokens", "/v1/responses/compact"] {
            #expect(bench.ask(body, .passthrough, matter: Self.matter("delta", path)).status == 404)
        }
    }

    @Test func `a path that is refused is refused in the protocol of its provider`() throws {
        let bench = try Bench()
        let claude = bench.ask("", .passthrough, matter: Self.matter("gamma", "/v1/messages/batches"), method: "GET")
        #expect(claude.json["type"] as? String == "error" && claude.error["type"] as? String == "permission_error")
        let google = bench.ask("", .passthrough, matter: Self.matter("iota", "/v1beta/cachedContents"), method: "GET")
        #expect(google.error["status"] as? String == "PERMISSION_DENIED")
    }

    @Test func `what is only looked at costs nothing`() async throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: "{}")))
        bench.ask("", .passthrough, matter: Self.matter("alpha", "/v1/models"), method: "GET")
        #expect(try await bench.record().cost == .zero)
    }

    @Test func `a provider that is not configured is named`() throws {
        let bench = try Bench()
        let client = bench.ask("", .passthrough, matter: Self.matter("nobody", "/v1/x"))
        #expect(client.status == 404 && client.code == "provider_not_configured" && client.body.contains("nobody"))
    }

    @Test func `a body that arrives is passed on as it comes`() throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: "{}")))
        let source = ArrivingBody(length: 6)
        bench.ask(
            "",
            .passthrough,
            headers: [("content-type", "audio/wav")],
            matter: Self.matter("alpha", "/v1/x"),
            source: source
        )
        let request = bench.lane.transport.requests[0]
        #expect(request.bodyLength == 6 && request.headers["content-type"] == "audio/wav")
        source.receive(ByteBuffer(string: "RIFFxx"))
        source.finish(nil)
        #expect(bench.lane.transport.uploads[0].text == "RIFFxx" && bench.lane.transport.uploads[0].isComplete)
    }
}
