import SiraCore
import SiraLaneTesting
import SiraPipeline
import SiraStorage
import SiraTesting
import SiraWire
import Testing

@Suite struct UnsupportedPolicyTests {
    /// A client of messages asks for what chat completions have no word for.
    private static func request(model: String = "small") -> String {
        #"{"model":"\#(model)","max_tokens":9,"top_k":3,"messages":[{"role":"user","content":"Hi"}]}"#
    }

    private static let message =
        #"{"id":"m","type":"message","role":"assistant","model":"sonnet","content":[{"type":"text","text":"Hi"}],"#
        + #""stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}"#

    @Test(arguments: [("warn", "top_k"), ("WARN", "top_k"), ("drop", nil)] as [(String, String?)])
    func `what is left out is named or not, as the client wants`(word: String, named: String?) throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: Sample.completion)))
        let client = bench.ask(Self.request(), .messages, headers: [("x-sira-on-unsupported", word)])
        #expect(client.status == 200)
        #expect(client.headers["x-sira-dropped"] == named)
    }

    @Test func `a client that wants all or nothing is refused before anything is sent`() async throws {
        let bench = try Bench()
        let client = bench.ask(Self.request(), .messages, headers: [("x-sira-on-unsupported", "reject")])
        #expect(client.status == 400 && bench.lane.transport.requests.isEmpty)
        #expect((client.error["message"] as? String)?.contains("top_k") == true)
        #expect(client.headers["x-sira-dropped"] == nil && client.headers["x-sira-provider"] == nil)
        #expect(client.headers["x-sira-attempts"] == "0", "no provider was asked")
        let records = try await bench.lane.records()
        #expect(records.map(\.errorCode) == ["unsupported_feature"] && records.first?.cost == .zero)
        #expect(records.first?.attempt == 0 && records.first?.provider.isEmpty == true)
    }

    @Test func `what fails at one provider and cannot be put to the next is put to the first once more`()
        async throws
    {
        let bench = try Bench()
        bench.script(.answer(.init(status: 500, json: "{}")), .answer(.init(status: 500, json: "{}")))
        let request =
            #"{"model":"either","n":2,"messages":[{"role":"user","content":"Hi"}]}"#
        let client = bench.ask(request)
        #expect(!client.hasStarted, "it is waited for a moment")
        bench.lane.loop.advance(by: .seconds(1))
        #expect(client.status == 502 && client.code == "upstream_failed")
        #expect(client.headers["x-sira-provider"] == "alpha" && client.headers["x-sira-attempts"] == "2")
        #expect((client.error["message"] as? String)?.contains("gamma/sonnet: unsupported_feature") == true)
        let records = try await bench.lane.records()
        #expect(records.map(\.attempt) == [1, 2] && records.map(\.isFinal) == [false, true])
        #expect(records.map(\.cost) == [.zero, .zero])
    }

    @Test func `another provider that can take all of the request is asked instead`() async throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: Self.message)))
        let request = Self.request(model: "either")
        let client = bench.ask(request, .messages, headers: [("x-sira-on-unsupported", "reject")])
        #expect(client.status == 200 && client.headers["x-sira-provider"] == "gamma")
        #expect(client.headers["x-sira-attempts"] == "1")
        #expect(bench.lane.transport.requests.map(\.endpoint.host) == ["gamma.test"])
        #expect(try await bench.lane.records().count == 1)
    }

    @Test func `a request that can be expressed is not refused`() throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: Sample.completion)))
        let request = #"{"model":"small","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}"#
        #expect(bench.ask(request, .messages, headers: [("x-sira-on-unsupported", "reject")]).status == 200)
    }

    @Test func `any other word is refused, and the three are listed`() throws {
        let bench = try Bench()
        let client = bench.ask(Sample.chat, headers: [("x-sira-on-unsupported", "ignore")])
        #expect(client.status == 400 && client.code == "invalid_field")
        let message = client.error["message"] as? String ?? ""
        #expect(message.contains("reject, warn, drop"))
        #expect(bench.lane.transport.requests.isEmpty)
    }

    @Test func `the operator's word holds for all, another for a model, and the client's before both`() throws {
        var policy = GatewayPolicy()
        policy.unsupported = .drop
        policy.unsupportedByModel = ["alpha/small": .reject]
        let bench = try Bench(policy: policy)
        bench.script(.answer(.init(json: Sample.completion)), .answer(.init(json: Sample.completion)))
        let unnamed = bench.ask(Self.request(), .messages)
        #expect(unnamed.status == 200 && unnamed.headers["x-sira-dropped"] == nil)
        #expect(bench.ask(Self.request(model: "alpha/small"), .messages).status == 400)
        let named = bench.ask(
            Self.request(model: "alpha/small"),
            .messages,
            headers: [("x-sira-on-unsupported", "warn")]
        )
        #expect(named.status == 200 && named.headers["x-sira-dropped"] == "top_k")
    }
}
