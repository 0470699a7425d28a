import NIOCore
import SiraCore
import SiraLaneTesting
import SiraPipeline
import SiraRouting
import SiraStorage
import SiraTesting
import SiraWire
import Testing

@Suite struct PipelineContinueTests {
    private static let request =
        #"{"model":"either","stream":true,"max_tokens":50,"messages":[{"role":"user","content":"Hi"}]}"#

    private func bench(_ continues: Bool = true) throws -> Bench {
        var policy = GatewayPolicy()
        policy.resilience.continuesStreams = continues
        return try Bench(policy: policy)
    }

    private var ending: String {
        Sample.delta("lo there") + "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
            + "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},"
            + "\"usage\":{\"output_tokens\":4}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"
    }

    @Test func `a stream that breaks off is gone on with by a model that takes its beginning`() async throws {
        let bench = try bench()
        let broken = ScriptedAnswer(stream: [Sample.opening, Sample.chunk("Hel")])
        let next = ScriptedAnswer(stream: [Sample.messageStart])
        bench.script(.answer(broken), .answer(next))
        let client = bench.ask(Self.request)
        #expect(client.body.contains("Hel") && !client.isEnded)
        broken.end(GatewayError(.upstreamInterrupted, "broke off"))
        bench.settle()
        next.send(ending)
        next.end()
        bench.settle()
        #expect(client.isEnded && client.body.contains("lo there") && client.body.contains("[DONE]"))
        #expect(!client.body.contains("\"error\""))
        #expect(client.events.contains(": x-sira-continued: 1"))
        #expect(client.events.filter { $0.contains("\"role\":\"assistant\"") }.count == 1, "it begins once")
        let asked = String(buffer: bench.lane.transport.requests[1].body)
        #expect(asked.contains(#""role":"assistant""#) && asked.contains("Hel") && asked.contains(#""max_tokens":4"#))
        let records = try await bench.lane.records()
        #expect(records.map(\.provider) == ["alpha", "gamma"] && records.map(\.isFinal) == [false, true])
        #expect(records[0].outcome == .upstreamError && records[0].usageBasis == .estimated)
        #expect(records[0].cost != nil && records[1].cost != nil, "both are paid for")
    }

    @Test func `without the operator's word a stream that breaks off ends in an error`() throws {
        let bench = try bench(false)
        let broken = ScriptedAnswer(stream: [Sample.opening, Sample.chunk("Hel")])
        bench.script(.answer(broken))
        let client = bench.ask(Self.request)
        broken.end(GatewayError(.upstreamInterrupted, "broke off"))
        bench.settle()
        #expect(client.isEnded && client.body.contains("\"error\""))
        #expect(bench.lane.transport.requests.count == 1)
    }

    @Test func `half a tool's call is not gone on with`() throws {
        let bench = try bench()
        let call =
            #"data: {"id":"c1","object":"chat.completion.chunk","model":"small","choices":[{"index":0,"delta":{"tool_calls":"#
            + #"[{"index":0,"id":"t1","type":"function","function":{"name":"f","arguments":"{\"a\""}}]}}]}"# + "\n\n"
        let broken = ScriptedAnswer(stream: [Sample.chunk("Hel"), call])
        bench.script(.answer(broken))
        let client = bench.ask(Self.request)
        broken.end(GatewayError(.upstreamInterrupted, "broke off"))
        bench.settle()
        #expect(client.isEnded && client.body.contains("\"error\""))
        #expect(bench.lane.transport.requests.count == 1)
    }

    @Test func `where nobody can go on the first failure is told`() async throws {
        let bench = try bench()
        let broken = ScriptedAnswer(stream: [Sample.opening, Sample.chunk("Hel")])
        bench.script(.answer(broken), .answer(ScriptedAnswer(status: 503, json: "{}")))
        let client = bench.ask(Self.request)
        broken.end(GatewayError(.upstreamInterrupted, "broke off"))
        bench.settle()
        #expect(client.isEnded && client.body.contains("\"error\"") && !client.body.contains("x-sira-continued"))
        let records = try await bench.lane.records()
        #expect(Set(records.map(\.provider)) == ["alpha", "gamma"])
        #expect(records.filter(\.isFinal).map(\.provider) == ["alpha"])
    }
}
