import SiraCore
import SiraLaneTesting
import SiraPipeline
import SiraStorage
import SiraTenancy
import SiraTesting
import SiraWire
import Testing

@Suite struct PipelineFinishTests {
    private static let broke = GatewayError(.upstreamInterrupted, "The connection to the provider broke.")

    // MARK: complete answers

    @Test func `a whole answer is the provider's, and tells and books its exact cost`() async throws {
        let bench = try Bench()
        let answer = ScriptedAnswer([
            ("content-type", "application/json; charset=utf-8"), ("x-ratelimit-remaining", "9"), ("server", "nginx"),
            ("X-Request-Id", "r1"), ("openai-processing-ms", "4"), ("set-cookie", "a=b"),
        ])
        answer.send(Sample.completion)
        answer.end()
        bench.script(.answer(answer))
        let client = bench.ask(Sample.chat)
        #expect(client.status == 200 && client.body == Sample.completion && client.isEnded)
        #expect(client.bodyLength == Sample.completion.utf8.count)
        #expect(client.headers["x-sira-cost-usd"] == "0.000038000")
        #expect(client.headers["x-sira-model"] == "small" && client.headers["x-sira-provider"] == "alpha")
        #expect(client.headers["x-sira-attempts"] == "1")
        #expect(client.headers["content-type"] == "application/json; charset=utf-8")
        #expect(client.headers["x-request-id"] == "r1" && client.headers["openai-processing-ms"] == "4")
        #expect(client.headers["x-ratelimit-remaining"] == "9")
        #expect(client.headers["server"] == nil && client.headers["set-cookie"] == nil)
        let record = try await bench.record()
        #expect(record.cost == NanoUSD(nanos: 38_000) && record.usage == Usage(input: 7, output: 3))
        #expect(record.usageBasis == .provider && record.outcome == .ok && record.status == 200 && record.isFinal)
        #expect(record.key == bench.lane.key.key.id && record.tags == ["team"] && record.operation == "chat")
        #expect(client.headers["x-sira-request-id"] == record.request.description)
    }

    @Test func `a stream passes event by event, with its cost before the last`() async throws {
        let bench = try Bench()
        let answer = ScriptedAnswer(stream: [Sample.opening])
        bench.script(.answer(answer))
        let client = bench.ask(Sample.chatStream)
        #expect(!client.hasStarted, "until the first content another provider can be asked")
        answer.send(Sample.chunk("Hel"))
        bench.settle()
        #expect(client.body == Sample.opening + Sample.chunk("Hel") && client.bodyLength == nil)
        #expect(client.headers["content-type"] == "text/event-stream; charset=utf-8")
        // Pieces end where they end; the client sees whole events.
        let chunk = Sample.chunk("lo")
        answer.send(String(chunk.prefix(20)))
        bench.settle()
        #expect(client.events.count == 2)
        answer.send(chunk.dropFirst(20) + Sample.usageChunk + Sample.done)
        bench.settle()
        #expect(
            client.body == Sample.opening + Sample.chunk("Hel") + Sample.chunk("lo")
                + ": x-sira-cost-usd: 0.000038000\n\n" + Sample.done
        )
        #expect(client.isEnded && bench.lane.metric("sira_open_streams") == "0")
        let record = try await bench.record()
        #expect(record.cost == NanoUSD(nanos: 38_000) && record.isStream && record.usageBasis == .provider)
    }

    @Test func `who asked for figures gets them`() throws {
        let bench = try Bench()
        bench.script(.answer(.init(stream: [Sample.chunk("a"), Sample.usageChunk, Sample.done])))
        let body = Sample.chatStream.replacing("true", with: #"true,"stream_options":{"include_usage":true}"#)
        #expect(bench.ask(body).body.contains(Sample.usageChunk))
    }

    @Test(arguments: [true, false])
    func `the cost's comment is left out where the operator or the client does not want it`(byClient: Bool) throws {
        var policy = GatewayPolicy()
        policy.sendsCostComment = byClient
        let bench = try Bench(policy: policy)
        bench.script(.answer(.init(stream: [Sample.chunk("a"), Sample.usageChunk, Sample.done])))
        let client = bench.ask(Sample.chatStream, headers: byClient ? [("X-Sira-Cost-Comment", "off")] : [])
        #expect(client.body == Sample.chunk("a") + Sample.done)
    }

    @Test func `Anthropic's figures come from the stream's ends, and what was cached has its own price`() async throws {
        let bench = try Bench()
        bench.script(.answer(.init(stream: [Sample.messageStart, Sample.delta("a"), Sample.messageStop])))
        let client = bench.ask(Sample.messagesStream, .messages)
        #expect(client.events.suffix(2).first == ": x-sira-cost-usd: 0.000885000")
        #expect(client.events.last?.hasPrefix("event: message_stop") == true)
        let record = try await bench.record()
        #expect(record.cost == NanoUSD(nanos: 885_000) && record.usage.input == 1_000 && record.usage.cacheRead == 800)
    }

    @Test func `a cost that is not known is called unknown, and is not zero`() async throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: Sample.completion)))
        let client = bench.ask(Sample.chat.replacing("small", with: "alpha/new"))
        #expect(client.headers["x-sira-cost-usd"] == "unknown")
        let record = try await bench.record()
        #expect(record.cost == nil && record.usageBasis == .provider)
        #expect(bench.lane.metric(#"sira_unknown_cost_requests_total{provider="alpha"}"#) == "1")
    }

    @Test func `a stream without figures is estimated by its events`() async throws {
        let bench = try Bench()
        bench.script(.answer(.init(stream: [Sample.chunk("a"), Sample.chunk("b"), Sample.done])))
        bench.ask(Sample.chatStream)
        let record = try await bench.record()
        #expect(record.usageBasis == .estimated && record.outcome == .ok)
        // "Hi" is a token; a message has 4 around it and the answer's beginning 3.
        #expect(record.usage == Usage(input: 8, output: 2))
    }

    // MARK: answers that were broken off

    @Test func `a client that leaves in the middle is booked once, with what it has consumed`() async throws {
        let bench = try Bench()
        let answer = ScriptedAnswer(stream: [Sample.messageStart, Sample.delta("a"), Sample.delta("b")])
        bench.script(.answer(answer))
        let client = bench.ask(Sample.messagesStream, .messages)
        client.abort.fire()
        answer.send(Sample.delta("never"))
        answer.end(Self.broke)
        bench.settle()
        #expect(answer.isCancelled && bench.lane.context.runningRequests == 0)
        #expect(bench.lane.metric("sira_open_streams") == "0")
        let record = try await bench.record()
        #expect(record.outcome == .cancelled && record.errorCode == "client_closed_request")
        #expect(record.usageBasis == .estimated && record.usage.output == 2)
        #expect(record.cost == NanoUSD(nanos: 200 * 3_000 + 800 * 300 + 2 * 15_000))
    }

    @Test func `a stream that breaks in the middle ends with an error in the client's protocol, booked once`()
        async throws
    {
        for (operation, start, body) in [
            (SiraWire.Operation.chat, Sample.chunk("a"), Sample.chatStream),
            (.messages, Sample.messageStart + Sample.delta("a"), Sample.messagesStream),
        ] {
            let bench = try Bench()
            let answer = ScriptedAnswer(stream: [start])
            bench.script(.answer(answer))
            let client = bench.ask(body, operation)
            answer.end(Self.broke)
            bench.settle()
            let last = try #require(client.events.last)
            #expect(
                last.hasPrefix(operation == .chat ? "data: {\"error\":" : "event: error\ndata: {\"type\":\"error\"")
            )
            #expect(last.contains("upstream_stream_interrupted") && !client.body.contains("[DONE]"))
            #expect(client.isEnded && bench.lane.transport.requests.count == 1)
            let record = try await bench.record()
            #expect(record.outcome == .upstreamError && record.status == 200 && record.usageBasis == .estimated)
            #expect(record.cost != nil)
        }
    }

    @Test func `a provider's own error in the middle of a stream is told in its words`() async throws {
        let bench = try Bench()
        let error = "data: {\"error\":{\"message\":\"overloaded just now\",\"code\":503}}\n\n"
        let answer = ScriptedAnswer(stream: [Sample.chunk("a"), error])
        bench.script(.answer(answer))
        let client = bench.ask(Sample.chatStream)
        #expect(client.body.hasSuffix("\n\n" + error) && answer.isCancelled)
        #expect(try await bench.record().outcome == .upstreamError)
    }

    @Test func `an Anthropic stream without its last event has been cut off`() async throws {
        let bench = try Bench()
        let answer = ScriptedAnswer(stream: [Sample.messageStart, Sample.delta("a")])
        answer.end()
        bench.script(.answer(answer))
        #expect(bench.ask(Sample.messagesStream, .messages).body.contains("event: error"))
        #expect(try await bench.record().errorCode == "upstream_stream_interrupted")
    }

    @Test func `times are those of the clock`() async throws {
        let bench = try Bench()
        let answer = ScriptedAnswer(stream: [])
        bench.script(.answer(answer))
        bench.ask(Sample.chatStream)
        bench.lane.clock.advance(by: .milliseconds(250))
        answer.send(Sample.chunk("a"))
        bench.settle()
        bench.lane.clock.advance(by: .milliseconds(750))
        answer.send(Sample.done)
        bench.settle()
        let record = try await bench.record()
        #expect(record.timeToFirstToken == 250_000 && record.duration == 1_000_000 && record.upstreamTime == 1_000_000)
        #expect(bench.lane.metric(#"sira_stage_seconds_total{stage="execute"}"#)?.hasPrefix("0.25") == true)
        #expect(bench.lane.metric(#"sira_stage_seconds_total{stage="finish"}"#)?.hasPrefix("0.75") == true)
    }
}
