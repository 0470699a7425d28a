import NIOCore
import SiraCore
import SiraLaneTesting
import SiraPipeline
import SiraStorage
import SiraTesting
import SiraWire
import Testing

@Suite struct PipelineExecuteTests {
    private static let unreachable = GatewayError(.upstreamUnreachable, "The provider could not be reached.")

    @Test func `a provider of the same protocol gets the client's bytes, with its own credential`() throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: Sample.completion)))
        bench.ask(Sample.chat, headers: [("OpenAI-Beta", "x"), ("cookie", "secret"), ("x-title", "t")])
        let sent = try #require(bench.lane.transport.requests.first)
        #expect(String(buffer: sent.body) == Sample.chat)
        #expect(sent.endpoint.host == "alpha.test" && sent.path == "/v1/chat/completions" && sent.method == "POST")
        #expect(sent.headers["authorization"] == "Bearer key-of-alpha")
        #expect(sent.headers["openai-beta"] == "x" && sent.headers["x-title"] == "t" && sent.headers["cookie"] == nil)
        #expect(!sent.headers.contains { $0.value.contains(bench.lane.keyText) })
    }

    @Test func `only the model's name and the wish for figures are spliced in`() throws {
        let bench = try Bench()
        bench.script(.answer(.init(stream: [Sample.chunk("a"), Sample.done])))
        bench.ask(#"{ "model" : "alpha/small","stream":true, "messages":[{"role":"user","content":"é\u00e9"}] }"#)
        let sent = try #require(bench.lane.transport.requests.first)
        #expect(
            String(buffer: sent.body)
                == #"{ "model" : "small","stream":true, "messages":[{"role":"user","content":"é\u00e9"}] "#
                + #","stream_options":{"include_usage":true}}"#
        )
    }

    @Test(arguments: [
        (500, ErrorCode.upstreamFailed), (503, .upstreamFailed), (429, .upstreamRateLimited),
        (401, .upstreamAuthentication), (402, .upstreamAuthentication), (302, .upstreamProtocol),
    ])
    func `a provider's refusal that another may not share sends the request on, in the order of the plan`(
        status: Int,
        code: ErrorCode
    ) async throws {
        let bench = try Bench()
        bench.script(
            .answer(.init(status: status, json: #"{"error":{"message":"no"}}"#)),
            .answer(.init(json: Sample.completion))
        )
        let client = bench.ask(Sample.chat)
        #expect(client.status == 200 && client.body == Sample.completion)
        #expect(client.headers["x-sira-provider"] == "beta" && client.headers["x-sira-attempts"] == "2")
        #expect(bench.lane.transport.requests.map(\.endpoint.host) == ["alpha.test", "beta.test"])
        let records = try await bench.lane.records()
        #expect(records.map(\.attempt) == [1, 2] && records.map(\.isFinal) == [false, true])
        #expect(records.map(\.provider) == ["alpha", "beta"])
        #expect(records.map(\.outcome) == [.upstreamError, .ok] && records[0].errorCode == code.rawValue)
        #expect(records[0].cost == .zero && records[1].cost == NanoUSD(nanos: 48_000))
    }

    @Test(arguments: [true, false])
    func `a provider that cannot be reached costs nothing, and one that breaks off may have cost something`(
        mayHaveBeenSent: Bool
    ) async throws {
        let bench = try Bench()
        var failure = Self.unreachable
        failure.mayHaveBeenSent = mayHaveBeenSent
        bench.script(.failure(failure), .answer(.init(json: Sample.completion)))
        #expect(bench.ask(Sample.chat).status == 200)
        #expect(try await bench.lane.records().first?.cost == (mayHaveBeenSent ? nil : .zero))
    }

    @Test func `a connection that fails, and a stream that fails before its first content, send the request on`() throws
    {
        let bench = try Bench()
        bench.script(
            .failure(Self.unreachable),
            .answer(.init(stream: [Sample.chunk("b"), Sample.done]))
        )
        #expect(bench.ask(Sample.chatStream).events.contains { $0.contains("\"b\"") })
        let silent = ScriptedAnswer(stream: [Sample.opening])
        bench.script(.answer(silent), .answer(.init(stream: [Sample.chunk("c"), Sample.done])))
        let client = bench.ask(Sample.chatStream)
        #expect(!client.hasStarted)
        silent.end(GatewayError(.upstreamInterrupted, "broke"))
        bench.settle()
        #expect(client.body.contains("\"c\"") && !client.body.contains("\"role\""))
        let page = ScriptedAnswer([("content-type", "text/html")])
        page.send("<html>")
        page.end()
        bench.script(.answer(page), .answer(.init(stream: [Sample.chunk("d"), Sample.done])))
        #expect(bench.ask(Sample.chatStream).body.contains("\"d\""))
    }

    @Test(arguments: [400, 404, 413, 422])
    func `what a provider finds wrong with the request is told in its own words, and nobody else is asked`(
        status: Int
    )
        async throws
    {
        let words = #"{"error":{"message":"bad temperature","type":"invalid_request_error","param":"temperature"}}"#
        let bench = try Bench()
        bench.script(.answer(.init(status: status, json: words)))
        let client = bench.ask(Sample.chat)
        #expect(client.status == status && client.body == words)
        #expect(client.headers["x-sira-provider"] == "alpha")
        let record = try await bench.record()
        #expect(record.outcome == .clientError && record.status == status && record.cost == .zero)
    }

    @Test func `a refusal is told in the client's protocol where the provider speaks another`() throws {
        let bench = try Bench()
        bench.script(
            .answer(
                .init(
                    status: 400,
                    json: #"{"type":"error","error":{"type":"invalid_request_error","message":"too long"}}"#
                )
            )
        )
        let client = bench.ask(Sample.chat.replacing("small", with: "sonnet"))
        #expect(client.status == 400 && client.code == "upstream_rejected" && client.json["type"] == nil)
        #expect((client.error["message"] as? String)?.contains("too long") == true)
    }

    @Test func `when all have failed, the last failure is told, with the time to wait that its provider gave`()
        async throws
    {
        let limited = ScriptedAnswer(
            status: 429,
            [("content-type", "application/json"), ("retry-after", "17")]
        )
        limited.send(#"{"error":{"message":"account acme is over its limit"}}"#)
        limited.end()
        let bench = try Bench()
        bench.script(.failure(Self.unreachable), .answer(limited))
        let client = bench.ask(Sample.chat)
        #expect(client.status == 429 && client.code == "upstream_rate_limited" && client.headers["retry-after"] == "17")
        #expect(!client.body.contains("acme"), "what a provider says of the operator's account is not told")
        let records = try await bench.lane.records()
        #expect(records.map(\.isFinal) == [false, true] && records.map(\.outcome) == [.upstreamError, .upstreamError])
    }

    @Test func `the next provider may speak another protocol`() throws {
        let bench = try Bench()
        let answer = ScriptedAnswer(stream: [Sample.messageStart, Sample.delta("Hallo"), Sample.messageStop])
        answer.end()
        bench.script(.failure(Self.unreachable), .answer(answer))
        let client = bench.ask(Sample.chatStream.replacing("small", with: "either"))
        let sent = try #require(bench.lane.transport.requests.last)
        #expect(sent.endpoint.host == "gamma.test" && sent.path == "/v1/messages")
        #expect(sent.headers["x-api-key"] == "key-of-gamma" && sent.headers["anthropic-version"] == "2023-06-01")
        #expect(String(buffer: sent.body).contains("\"model\":\"sonnet\""))
        #expect(client.body.contains("Hallo") && client.body.contains("\"model\":\"either\""))
        #expect(client.events.last == "data: [DONE]")
    }

    @Test func `nobody else is asked for a client that has left`() async throws {
        let bench = try Bench()
        bench.script(.silence)
        let client = bench.ask(Sample.chat)
        client.abort.fire()
        bench.settle()
        #expect(bench.lane.transport.requests.count == 1)
        let record = try await bench.record()
        #expect(record.outcome == .cancelled && record.status == 499 && record.usageBasis == .none)
    }

    @Test func `a client that leaves during a refusal's body ends the exchange`() async throws {
        let bench = try Bench()
        let slow = ScriptedAnswer(status: 500, [("content-type", "application/json")])
        bench.script(.answer(slow))
        let client = bench.ask(Sample.chat)
        client.abort.fire()
        bench.settle()
        #expect(slow.isCancelled && bench.lane.transport.requests.count == 1)
        #expect(try await bench.record().outcome == .cancelled)
    }
}
