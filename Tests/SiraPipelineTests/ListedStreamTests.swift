import Foundation
import NIOCore
import SiraCore
import SiraStorage
import SiraTesting
import SiraWire
import Testing

@testable import SiraPipeline

/// Streams of Gemini's that are asked for without `alt=sse`.
@Suite struct ListedStreamTests {
    private static let path = PathFacts(model: "small", isStream: true, isArray: true)
    private static let body = #"{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}"#

    private func elements(_ client: Client) throws -> [[String: Any]] {
        let json = try JSONSerialization.jsonObject(with: Data(client.body.utf8))
        return try #require(json as? [[String: Any]])
    }

    @Test func `a translated stream is one array, whose elements come as the provider says them`() async throws {
        let bench = try Bench()
        let answer = ScriptedAnswer(stream: [Sample.chunk("Hel")])
        bench.script(.answer(answer))
        let client = bench.ask(Self.body, .generate, path: Self.path)
        bench.settle()
        #expect(client.headers["content-type"] == "application/json")
        #expect(client.body.hasPrefix(#"[{"candidates":[{"content":{"parts":[{"text":"Hel"}]"#) && !client.isEnded)
        answer.send(Sample.chunk("lo") + Sample.usageChunk + Sample.done)
        bench.settle()
        let last = try #require(try elements(client).last)
        #expect((last["usageMetadata"] as? [String: Int])?["totalTokenCount"] == 10)
        #expect(client.isEnded)
        let record = try await bench.record()
        #expect(record.usage.input == 7 && record.usage.output == 3)
    }

    @Test func `a stream that breaks off ends with the error as its last element`() throws {
        let bench = try Bench()
        let answer = ScriptedAnswer(stream: [Sample.chunk("Hel")])
        answer.end()
        bench.script(.answer(answer))
        let client = bench.ask(Self.body, .generate, path: Self.path)
        bench.settle()
        let found = try elements(client)
        #expect(found.count == 2 && found[1]["error"] != nil)
    }

    @Test func `a refusal before the answer is no array`() throws {
        let bench = try Bench()
        let client = bench.ask(Self.body, .generate, key: .some(nil), path: Self.path)
        bench.settle()
        #expect(client.status == 401 && !client.error.isEmpty)
    }

    @Test func `events of a provider of the same protocol are elements, and silences white space`() throws {
        let client = Client()
        let listed = ListedStream(client)
        listed.sendHead(
            status: 200,
            headers: HeaderFields([
                ("content-type", StreamFraming.serverSentEvents.mediaType), ("cache-control", "no-cache"),
            ]),
            bodyLength: nil
        )
        listed.sendBody(ByteBuffer(string: "\n\n"))
        listed.sendBody(ByteBuffer(string: "data: {\"a\":1}\r\n\r\ndata: {\"b\":2}\r\n\r\n"))
        listed.sendBody(ByteBuffer(string: "\n\n"))
        listed.sendEnd()
        listed.flush()
        #expect(client.headers["cache-control"] == "no-cache")
        #expect(try elements(client).map(\.keys.first) == ["a", "b"])
    }
}
