import Foundation
import NIOCore
import SiraCore
import SiraLaneTesting
import SiraLedger
import SiraPipeline
import SiraStorage
import SiraTenancy
import SiraTesting
import SiraWire
import Testing

@Suite struct PipelineRecallTests {
    private static func answer(
        _ id: String,
        _ text: String = "Hello",
        store: Bool = true,
        status: String = "completed"
    )
        -> String
    {
        #"{"id":"\#(id)","object":"response","status":"\#(status)","model":"omni","store":\#(store),"output":["#
            + #"{"id":"msg_\#(id)","type":"message","role":"assistant","status":"completed","content":["#
            + #"{"type":"output_text","text":"\#(text)","annotations":[]}]}],"#
            + #""usage":{"input_tokens":7,"output_tokens":3,"total_tokens":10}}"#
    }

    private static func stream(_ id: String, _ text: String) -> ScriptedAnswer {
        .init(stream: [
            "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"\(id)\"}}\n\n",
            "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"\(text)\"}\n\n",
            "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":\(answer(id, text))}\n\n",
        ])
    }

    private static func ask(_ model: String, _ input: String, after id: String? = nil, _ more: String = "") -> String {
        let previous = id.map { #","previous_response_id":"\#($0)""# } ?? ""
        return #"{"model":"\#(model)"\#(previous)\#(more),"input":"\#(input)"}"#
    }

    /// The body that the last request to a provider had.
    private func sent(_ bench: Bench) throws -> [String: Any] {
        let body = try #require(bench.lane.transport.requests.last).body
        return try #require(try JSONSerialization.jsonObject(with: Data(body.readableBytesView)) as? [String: Any])
    }

    /// What a request to a provider says in its items or messages, in order.
    private func texts(_ items: Any?) -> [String] {
        (items as? [[String: Any]] ?? []).map { item in
            let role = item["role"] as? String ?? "?"
            if let text = item["content"] as? String { return "\(role): \(text)" }
            let parts = item["content"] as? [[String: Any]] ?? []
            return "\(role): " + parts.compactMap { $0["text"] as? String }.joined()
        }
    }

    private func read(_ bench: Bench, _ path: String) throws -> Client { try read(bench, "GET", path) }

    private func read(_ bench: Bench, _ method: String, _ path: String, key: String? = nil) throws -> Client {
        let asked = try #require(try KeptResponse(method: method, target: "/v1/responses/" + path))
        let client = Client()
        let fields = HeaderFields([("authorization", "Bearer \(key ?? bench.lane.keyText)")])
        let pipeline = bench.pipeline
        bench.lane.loop.start { await pipeline.serve(asked, fields, to: client) }
        return client
    }

    @Test func `an answer that its provider keeps is deleted there as well, with its credential`() throws {
        let bench = try Bench()
        bench.script(
            .answer(.init(json: Self.answer("resp_1"))),
            .answer(.init(status: 500, json: #"{"error":{"message":"no"}}"#)),
            .answer(.init(json: #"{"id":"resp_1","object":"response","deleted":true}"#))
        )
        bench.ask(Self.ask("eta/omni", "One"), .response)
        #expect(try read(bench, "DELETE", "resp_1").status == 502)
        #expect(bench.kept("resp_1") != nil, "what the provider still has is not said to be gone")
        let client = try read(bench, "DELETE", "resp_1")
        #expect(client.status == 200 && client.json["deleted"] as? Bool == true)
        let sent = bench.lane.transport.requests
        #expect(
            sent.map { "\($0.method) \($0.path)" }.suffix(2)
                == Array(repeating: "DELETE /v1/responses/resp_1", count: 2)
        )
        #expect(sent[2].headers["authorization"] == sent[0].headers["authorization"])
        #expect(bench.ask(Self.ask("eta/omni", "Two", after: "resp_1"), .response).status == 404)
    }

    @Test func `an answer that its provider has let go is deleted here`() throws {
        let bench = try Bench()
        bench.script(
            .answer(.init(json: Self.answer("resp_1"))),
            .answer(.init(status: 404, json: #"{"error":{"message":"none"}}"#))
        )
        bench.ask(Self.ask("delta/omni", "One"), .response)
        #expect(try read(bench, "DELETE", "resp_1").status == 200 && bench.kept("resp_1") == nil)
    }

    // MARK: going on

    @Test func `the provider that made an answer and keeps it is left to go on from it`() throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: Self.answer("resp_1"))), .answer(.init(json: Self.answer("resp_2"))))
        bench.ask(Self.ask("delta/omni", "One"), .response)
        let second = Self.ask("delta/omni", "Two", after: "resp_1")
        #expect(bench.ask(second, .response).status == 200)
        let body = try sent(bench)
        #expect(body["previous_response_id"] as? String == "resp_1" && body["input"] as? String == "Two")
    }

    @Test(arguments: [true, false]) func `another provider of the protocol is sent the whole conversation`(
        isStream: Bool
    ) throws {
        let bench = try Bench()
        bench.script(
            .answer(isStream ? Self.stream("resp_1", "Hello") : .init(json: Self.answer("resp_1"))),
            .answer(.init(json: Self.answer("resp_2", "Again"))),
            .answer(.init(json: Self.answer("resp_3")))
        )
        bench.ask(Self.ask("delta/omni", "One", after: nil, isStream ? #","stream":true"# : ""), .response)
        bench.ask(Self.ask("epsilon/omni", "Two", after: "resp_1"), .response)
        var body = try sent(bench)
        #expect(body["previous_response_id"] == nil && body["model"] as? String == "omni")
        #expect(texts(body["input"]) == ["user: One", "assistant: Hello", "user: Two"])
        bench.ask(Self.ask("delta/omni", "Three", after: "resp_2"), .response)
        body = try sent(bench)
        let all = ["user: One", "assistant: Hello", "user: Two", "assistant: Again", "user: Three"]
        #expect(texts(body["input"]) == all)
    }

    @Test func `a provider that says that it keeps nothing is sent the whole conversation`() throws {
        let bench = try Bench()
        bench.script(
            .answer(.init(json: Self.answer("resp_1", store: false))),
            .answer(.init(json: Self.answer("resp_2")))
        )
        bench.ask(Self.ask("delta/omni", "One"), .response)
        bench.ask(Self.ask("delta/omni", "Two", after: "resp_1"), .response)
        #expect(texts(try sent(bench)["input"]) == ["user: One", "assistant: Hello", "user: Two"])
    }

    @Test func `a conversation goes on over a provider of another protocol, and from there back`() throws {
        let bench = try Bench()
        bench.script(
            .answer(.init(json: Sample.completion)),
            .answer(.init(json: Sample.completion)),
            .answer(.init(json: Self.answer("resp_native")))
        )
        let first = bench.ask(Self.ask("alpha/small", "One"), .response)
        let id = try #require(first.json["id"] as? String)
        #expect(id.hasPrefix("resp_") && first.status == 200)
        let second = bench.ask(Self.ask("alpha/small", "Two", after: id), .response)
        #expect(texts(try sent(bench)["messages"]) == ["user: One", "assistant: Hello", "user: Two"])
        let later = try #require(second.json["id"] as? String)
        #expect(second.json["previous_response_id"] as? String == id)
        bench.ask(Self.ask("delta/omni", "Three", after: later), .response)
        let all = ["user: One", "assistant: Hello", "user: Two", "assistant: Hello", "user: Three"]
        #expect(texts(try sent(bench)["input"]) == all)
    }

    @Test func `what is kept here is not asked of a provider besides`() throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: Sample.completion)), .answer(.init(json: Sample.completion)))
        let client = bench.ask(Self.ask("alpha/small", "One", after: nil, #","store":true"#), .response)
        #expect(try sent(bench)["store"] == nil)
        #expect(client.json["store"] as? Bool == true && client.headers["x-sira-dropped"] == nil)
        bench.ask(Self.ask("alpha/small", "One", after: nil, #","store":false"#), .response)
        #expect(try sent(bench)["store"] as? Bool == false)
    }

    @Test func `a translated stream can be gone on from`() throws {
        let bench = try Bench()
        bench.script(
            .answer(
                .init(stream: [Sample.opening, Sample.chunk("He"), Sample.chunk("y"), Sample.usageChunk, Sample.done])
            ),
            .answer(.init(json: Sample.completion))
        )
        let first = bench.ask(Self.ask("alpha/small", "One", after: nil, #","stream":true"#), .response)
        let id = try #require(first.body.firstMatch(of: /"id":"(resp_[A-Za-z0-9]+)"/)?.1)
        bench.ask(Self.ask("alpha/small", "Two", after: String(id)), .response)
        #expect(texts(try sent(bench)["messages"]) == ["user: One", "assistant: Hey", "user: Two"])
    }

    // MARK: what cannot be gone on from

    @Test func `an answer that nobody knows is not found, for its provider would take it for any key's`() throws {
        let bench = try Bench()
        for model in ["alpha/small", "delta/omni"] {
            let client = bench.ask(Self.ask(model, "Two", after: "resp_0"), .response)
            #expect(client.status == 404 && client.code == "previous_response_not_found")
        }
        #expect(bench.lane.transport.requests.isEmpty)
    }

    @Test func `where keys reach all of the account, a provider may know an answer that nobody here does`() throws {
        var policy = GatewayPolicy()
        policy.accountPaths = .pass
        let bench = try Bench(policy: policy)
        let client = bench.ask(Self.ask("alpha/small", "Two", after: "resp_0"), .response)
        #expect(client.status == 404 && client.code == "previous_response_not_found")
        #expect(client.error["param"] as? String == "previous_response_id")
        #expect(
            (client.error["message"] as? String)?.hasPrefix("Previous response with id 'resp_0' not found.") == true
        )
        #expect(bench.lane.transport.requests.isEmpty)
        bench.script(.answer(.init(json: Self.answer("resp_2"))))
        #expect(bench.ask(Self.ask("delta/omni", "Two", after: "resp_0"), .response).status == 200)
        #expect(try sent(bench)["previous_response_id"] as? String == "resp_0")
        // What came before is not known here, so that nobody else can go on from there.
        let third = bench.ask(Self.ask("alpha/small", "Three", after: "resp_2"), .response)
        #expect(third.status == 404 && third.code == "previous_response_not_found")
    }

    @Test func `an answer that has expired is not there any more, swept or not`() throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: Self.answer("resp_1"))))
        bench.ask(Self.ask("delta/omni", "One"), .response)
        bench.lane.clock.advance(by: .seconds(30 * 86_400 - 1))
        #expect(try read(bench, "resp_1").status == 200)
        bench.lane.clock.advance(by: .seconds(1))
        for (method, path) in [("GET", "resp_1"), ("GET", "resp_1/input_items"), ("DELETE", "resp_1")] {
            #expect(try read(bench, method, path).status == 404, "\(method) \(path)")
        }
        let client = bench.ask(Self.ask("delta/omni", "Two", after: "resp_1"), .response)
        #expect(client.code == "previous_response_not_found" && bench.lane.transport.requests.count == 1)
    }

    @Test func `an answer of another key is not found`() throws {
        var random = SeededRandom(seed: 1)
        let stranger = APIKey.issue(name: "s", at: VirtualClock().now, using: &random)
        let bench = try Bench(keys: [stranger.key])
        bench.script(.answer(.init(json: Self.answer("resp_1"))))
        bench.ask(Self.ask("delta/omni", "One"), .response)
        let theirs = stranger.text.reveal()
        for model in ["alpha/small", "delta/omni"] {
            let client = bench.ask(Self.ask(model, "Two", after: "resp_1"), .response, key: theirs)
            #expect(client.code == "previous_response_not_found")
        }
        #expect(bench.lane.transport.requests.count == 1)
        for (method, path) in [
            ("GET", "resp_1"), ("DELETE", "resp_1"), ("GET", "resp_1/input_items"), ("POST", "resp_1/cancel"),
        ] {
            let client = try read(bench, method, path, key: theirs)
            #expect(client.status == 404 && client.code == "response_not_found", "\(method) \(path)")
        }
        #expect(try read(bench, "resp_1").status == 200)
    }

    @Test(arguments: ["store:false", "queued", "large", "off"])
    func `what is not to be kept, is not complete or is too large is not kept`(why: String) throws {
        var policy = GatewayPolicy()
        if why == "off" { policy.keptResponses = nil }
        if why == "large" { policy.keptResponses?.bytes = 100 }
        let bench = try Bench(policy: policy)
        let status = why == "queued" ? "queued" : "completed"
        bench.script(.answer(.init(json: Self.answer("resp_1", status: status))))
        let more = why == "store:false" ? #","store":false"# : ""
        #expect(bench.ask(Self.ask("delta/omni", "One", after: nil, more), .response).status == 200)
        #expect(try read(bench, "resp_1").status == 404)
        if why == "store:false" { #expect(try read(bench, "DELETE", "resp_1").status == 404) }
        // Its provider keeps it all the same, for the key that asked.
        bench.script(.answer(.init(json: Self.answer("resp_2"))))
        let second = bench.ask(Self.ask("delta/omni", "Two", after: "resp_1"), .response)
        #expect(second.status == (why == "store:false" ? 404 : 200))
        let elsewhere = bench.ask(Self.ask("alpha/small", "Two", after: "resp_1"), .response)
        #expect(elsewhere.code == "previous_response_not_found")
    }

    // MARK: several keys of one provider

    private func shown(_ bench: Bench) -> [String?] {
        bench.lane.transport.requests.map { $0.headers["authorization"].map { String($0.dropFirst("Bearer ".count)) } }
    }

    @Test func `a conversation goes on with the provider's key that it began with`() throws {
        let bench = try Bench()
        for id in 1...5 { bench.script(.answer(.init(json: Self.answer("resp_\(id)")))) }
        bench.ask(Self.ask("eta/omni", "One"), .response)
        bench.ask(Self.ask("eta/omni", "One"), .response)
        for id in ["resp_2", "resp_1", "resp_1"] {
            #expect(bench.ask(Self.ask("eta/omni", "Two", after: id), .response).status == 200)
        }
        #expect(shown(bench) == ["first", "second", "second", "first", "first"].map { "\($0)-of-eta" })
    }

    @Test(arguments: [true, false])
    func `where that key is gone the conversation is sent in full, or not found`(isKnown: Bool) throws {
        var policy = GatewayPolicy()
        if !isKnown { policy.keptResponses?.bytes = 10 }
        let bench = try Bench(policy: policy)
        bench.script(.answer(.init(json: Self.answer("resp_1"))), .answer(.init(json: Self.answer("resp_2"))))
        bench.ask(Self.ask("eta/omni", "One"), .response)
        var kept = try #require(bench.kept("resp_1"))
        kept.credential = "0000000000000000"
        bench.lane.responses.keep(kept)
        let client = bench.ask(Self.ask("eta/omni", "Two", after: "resp_1"), .response)
        if isKnown {
            #expect(client.status == 200)
            #expect(texts(try sent(bench)["input"]) == ["user: One", "assistant: Hello", "user: Two"])
        } else {
            #expect(client.code == "previous_response_not_found")
            #expect((client.error["message"] as? String)?.contains("key of eta") == true)
        }
    }

    @Test func `a stream that fails is not kept`() throws {
        let bench = try Bench()
        bench.script(
            .answer(
                .init(stream: [
                    "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"a\"}\n\n",
                    "event: response.failed\ndata: {\"type\":\"response.failed\",\"response\":"
                        + "{\"id\":\"resp_1\",\"status\":\"failed\",\"output\":[],\"error\":{\"code\":\"server_error\","
                        + "\"message\":\"no\"}}}\n\n",
                ])
            )
        )
        bench.ask(Self.ask("delta/omni", "One", after: nil, #","stream":true"#), .response)
        #expect(try read(bench, "resp_1").status == 404)
    }

    // MARK: reading and deleting

    @Test func `an answer is read as it was given, and deleted once`() throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: Self.answer("resp_1"))), .answer(.init(json: "{}")))
        bench.ask(Self.ask("delta/omni", "One"), .response)
        let client = try read(bench, "resp_1")
        #expect(client.status == 200 && client.body == Self.answer("resp_1"))
        #expect(try read(bench, "POST", "resp_1/cancel").status == 400)
        let deleted = try read(bench, "DELETE", "resp_1").json
        #expect(deleted["id"] as? String == "resp_1" && deleted["deleted"] as? Bool == true)
        #expect(try read(bench, "DELETE", "resp_1").status == 404)
        #expect(try read(bench, "resp_1").code == "response_not_found")
    }

    @Test func `items of input are listed page by page, newest first unless asked otherwise`() throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: Self.answer("resp_1"))), .answer(.init(json: Self.answer("resp_2"))))
        bench.ask(Self.ask("delta/omni", "One"), .response)
        bench.ask(Self.ask("delta/omni", "Two", after: "resp_1"), .response)
        let all = try read(bench, "resp_2/input_items").json
        #expect(texts(all["data"]) == ["user: Two", "assistant: Hello", "user: One"])
        #expect(all["object"] as? String == "list" && all["has_more"] as? Bool == false)
        let first = try read(bench, "resp_2/input_items?order=asc&limit=2").json
        #expect(texts(first["data"]) == ["user: One", "assistant: Hello"] && first["has_more"] as? Bool == true)
        #expect(first["last_id"] as? String == "msg_resp_1")
        let rest = try read(bench, "resp_2/input_items?order=asc&limit=2&after=msg_resp_1").json
        #expect(texts(rest["data"]) == ["user: Two"] && rest["has_more"] as? Bool == false)
        let ids = (all["data"] as? [[String: Any]])?.compactMap { $0["id"] as? String } ?? []
        #expect(Set(ids).count == 3 && rest["first_id"] as? String == ids.first)
        #expect(try read(bench, "resp_2/input_items?after=none").status == 400)
    }
}
