import SiraCore
import SiraLaneTesting
import SiraPipeline
import SiraStorage
import SiraTesting
import SiraWire
import Testing

@Suite struct AnswerTests {
    private func stream(
        _ pieces: [String],
        policy: GatewayPolicy = GatewayPolicy()
    ) throws -> (
        Bench, ScriptedAnswer, Client
    ) {
        let bench = try Bench(policy: policy)
        let answer = ScriptedAnswer(stream: pieces)
        bench.script(.answer(answer))
        return (bench, answer, bench.ask(Sample.chatStream))
    }

    @Test func `a slow client holds the provider back until it can take more`() throws {
        let (_, answer, client) = try stream([Sample.chunk("a")])
        #expect(!answer.isPaused)
        client.isWritable = false
        #expect(answer.isPaused)
        client.isWritable = true
        #expect(!answer.isPaused)
    }

    @Test func `a client that is slow from the start holds the provider back from the start`() throws {
        let bench = try Bench()
        let answer = ScriptedAnswer(stream: [Sample.chunk("a")])
        bench.script(.answer(answer))
        let client = Client()
        client.isWritable = false
        bench.ask(Sample.chatStream, client: client)
        #expect(answer.isPaused)
    }

    @Test(arguments: [true, false])
    func `the pause is released when the last event was sent to a slow client`(byEvent: Bool) throws {
        let (bench, answer, client) = try stream([Sample.chunk("a")])
        client.isWritable = false
        // What had been read before the pause took hold.
        if byEvent { answer.send(Sample.done) } else { answer.end(GatewayError(.upstreamInterrupted, "broke")) }
        #expect(!answer.isPaused)
        bench.settle()
        client.isWritable = true
        client.isWritable = false
        #expect(!answer.isPaused, "the client's next answer is another provider's business")
    }

    @Test func `a silence is broken by a comment, between events and while the client can take it`() throws {
        var policy = GatewayPolicy()
        policy.keepAlive = .seconds(15)
        let (bench, answer, client) = try stream([Sample.chunk("a")], policy: policy)
        let before = client.body
        let chunk = Sample.chunk("b")
        answer.send(String(chunk.prefix(10)))
        bench.lane.clock.advance(by: .seconds(15))
        bench.lane.context.tick()
        bench.settle()
        #expect(client.body == before)
        bench.lane.clock.advance(by: .microseconds(1))
        bench.lane.context.tick()
        bench.lane.context.tick()
        bench.settle()
        #expect(client.body == before + ": keep-alive\n\n")
        answer.send(String(chunk.dropFirst(10)))
        bench.settle()
        #expect(client.body == before + ": keep-alive\n\n" + chunk)
        client.isWritable = false
        bench.lane.clock.advance(by: .seconds(60))
        bench.lane.context.tick()
        bench.settle()
        #expect(client.body == before + ": keep-alive\n\n" + chunk)
    }

    @Test func `nothing is added to a stream that has ended`() throws {
        var policy = GatewayPolicy()
        policy.keepAlive = .seconds(15)
        let (bench, _, client) = try stream([Sample.chunk("a"), Sample.done], policy: policy)
        let whole = client.body
        bench.lane.clock.advance(by: .seconds(60))
        bench.lane.context.tick()
        bench.settle()
        #expect(client.isEnded && client.body == whole)
    }

    @Test func `a whole answer beyond the limit is a failure, and so is one that is not JSON`() throws {
        for (body, limit) in [(Sample.completion, 100), ("<html>", 1_000)] {
            var policy = GatewayPolicy()
            policy.answerBytes = limit
            let bench = try Bench(policy: policy)
            bench.script(.answer(.init(json: body)), .answer(.init(json: body)))
            let client = bench.ask(Sample.chat)
            #expect(client.status == 502 && client.code == "upstream_protocol_error")
        }
    }
}
