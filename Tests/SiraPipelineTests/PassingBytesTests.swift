import NIOCore
import SiraCore
import SiraLaneTesting
import SiraPipeline
import SiraStorage
import SiraTenancy
import SiraTesting
import SiraWire
import Testing

@Suite struct PassingBytesTests {
    private static let speech = #"{"model":"alpha/tts","input":"Hello","voice":"x"}"#

    @Test func `sound goes to the client as it comes, held back by a slow one`() async throws {
        let bench = try Bench()
        let answer = ScriptedAnswer([("content-type", "audio/mpeg"), ("set-cookie", "a=b")])
        bench.script(.answer(answer))
        let client = bench.ask(Self.speech, .speech)
        #expect(!client.hasStarted)
        answer.send("ID3")
        bench.settle()
        #expect(client.status == 200 && client.headers["content-type"] == "audio/mpeg" && client.body == "ID3")
        #expect(client.bodyLength == nil && client.headers["set-cookie"] == nil && !client.isEnded)
        client.isWritable = false
        #expect(answer.isPaused)
        client.isWritable = true
        answer.send("more")
        answer.end()
        bench.settle()
        #expect(client.body == "ID3more" && client.isEnded && !answer.isPaused)
        let record = try await bench.record()
        #expect(
            record.operation == "speech" && record.usage.characters == 5 && record.cost == nil && record.outcome == .ok
        )
    }

    @Test func `sound that breaks off is not ended as if it were whole`() async throws {
        let bench = try Bench()
        let answer = ScriptedAnswer([("content-type", "audio/mpeg")])
        bench.script(.answer(answer))
        let client = bench.ask(Self.speech, .speech)
        answer.send("ID3")
        answer.end(GatewayError(.upstreamInterrupted, "gone"))
        bench.settle()
        #expect(client.isBrokenOff && !client.isEnded)
        #expect(try await bench.record().errorCode == "upstream_stream_interrupted")
    }

    @Test func `speech as a stream of events is one, and tells its figures`() async throws {
        let bench = try Bench()
        let answer = ScriptedAnswer(stream: ["data: {\"type\":\"speech.audio.delta\",\"audio\":\"AA==\"}\n\n"])
        bench.script(.answer(answer))
        let client = bench.ask(Self.speech, .speech)
        answer.send(
            "data: {\"type\":\"speech.audio.done\",\"usage\":{\"input_tokens\":4,\"output_tokens\":9,\"total_tokens\":13}}\n\n"
        )
        answer.end()
        bench.settle()
        #expect(client.headers["content-type"]?.hasPrefix("text/event-stream") == true && client.isEnded)
        #expect(client.body.contains("speech.audio.done") && client.body.contains("x-sira-cost-usd"))
        let record = try await bench.record()
        #expect(
            record.isStream && record.usage.input == 4 && record.usage.output == 9 && record.usageBasis == .provider
        )
    }

    @Test func `a transcription as text is passed as text`() async throws {
        let bench = try Bench()
        let answer = ScriptedAnswer([("content-type", "text/plain; charset=utf-8")])
        answer.send("1\n00:00 --> 00:01\nHi\n")
        answer.end()
        bench.script(.answer(answer))
        let client = bench.ask(#"{"model":"alpha/whisper","file":"x"}"#, .transcription)
        #expect(
            client.body == "1\n00:00 --> 00:01\nHi\n" && client.headers["content-type"] == "text/plain; charset=utf-8"
        )
        let record = try await bench.record()
        #expect(record.usageBasis == .none && record.cost == nil)
    }

    @Test func `pictures are counted with their tokens`() async throws {
        let bench = try Bench()
        bench.script(
            .answer(
                .init(
                    json: #"{"created":1,"data":[{"b64_json":"AA=="},{"b64_json":"AA=="}],"usage":{"input_tokens":221,"#
                        + #""input_tokens_details":{"image_tokens":194,"text_tokens":27},"output_tokens":272}}"#
                )
            )
        )
        let client = bench.ask(#"{"prompt":"a cat"}"#, .imageGeneration)
        #expect(client.status == 404, "without a model it is OpenAI's usual one, which nobody has here")
        bench.ask(#"{"model":"alpha/picture","prompt":"a cat"}"#, .imageGeneration)
        let record = try #require(try await bench.lane.records().last)
        #expect(record.usage.images == 2 && record.usage.inputImage == 194 && record.usage.outputImage == 272)
    }
}
