import NIOCore
import SiraCore
import SiraLaneTesting
import SiraPipeline
import SiraStorage
import SiraTesting
import SiraWire
import Testing

/// The expected numbers are tiktoken's.
@Suite struct PipelineCountingTests {
    /// 19 tokens in o200k_base, 25 in cl100k_base.
    private static let text = "The quick brown fox jumps over the lazy dog. 敏捷的棕色狐狸。"

    /// A system message of 3 tokens and a question of 19: 4 more for each, and 3 for the beginning of the answer.
    private static func chat(_ model: String, isStream: Bool = false, text: String = text) -> String {
        #"{"model":"\#(model)","stream":\#(isStream),"messages":[{"role":"system","content":"Be brief."},"#
            + #"{"role":"user","content":"\#(text)"}]}"#
    }

    private static let silent =
        #"{"id":"c1","object":"chat.completion","model":"small","choices":[{"index":0,"message":{"role":"assistant","#
        + #""content":"Hello there, how are you?"},"finish_reason":"stop"}]}"#

    private func usage(_ answer: ScriptedAnswer, _ body: String, _ operation: SiraWire.Operation) async throws -> Usage
    {
        let bench = try Bench()
        bench.script(.answer(answer))
        #expect(bench.ask(body, operation).status == 200)
        let record = try await bench.record()
        #expect(record.usageBasis == .estimated && record.outcome == .ok)
        return record.usage
    }

    @Test func `a stream without figures has the prompt's tokens, and one for each event`() async throws {
        let answer = ScriptedAnswer(stream: [Sample.chunk("a"), Sample.chunk("b"), Sample.done])
        #expect(try await usage(answer, Self.chat("small", isStream: true), .chat) == Usage(input: 33, output: 2))
    }

    @Test func `the vocabulary is the model's`() async throws {
        for (model, tokens) in [("alpha/gpt-4", 39), ("alpha/gpt-4o", 33)] {
            let answer = ScriptedAnswer(json: Self.silent)
            #expect(try await usage(answer, Self.chat(model), .chat) == Usage(input: tokens, output: 7))
        }
    }

    @Test func `a whole answer without figures is counted by what it says`() async throws {
        let passed = ScriptedAnswer(json: Self.silent)
        #expect(try await usage(passed, Self.chat("small"), .chat) == Usage(input: 33, output: 7))
        let translated = ScriptedAnswer(json: Self.silent)
        let message =
            #"{"model":"small","max_tokens":9,"system":"Be brief.","messages":[{"role":"user","content":"\#(Self.text)"}]}"#
        #expect(try await usage(translated, message, .messages) == Usage(input: 33, output: 7))
    }

    @Test func `a stream that came whole is counted by what it says`() async throws {
        let answer = ScriptedAnswer(json: Self.silent)
        #expect(try await usage(answer, Self.chat("small", isStream: true), .chat) == Usage(input: 33, output: 7))
    }

    @Test func `prompts and texts of the older interfaces are counted`() async throws {
        let completion = ScriptedAnswer(
            json: #"{"object":"text_completion","choices":[{"index":0,"text":"Hello there, how are you?"}]}"#
        )
        let prompts = #"{"model":"small","prompt":["Once upon a time",[1,2,3]]}"#
        #expect(try await usage(completion, prompts, .completion) == Usage(input: 7, output: 7))
        let vectors = ScriptedAnswer(json: #"{"object":"list","data":[{"index":0,"embedding":[0.5]}]}"#)
        let input = #"{"model":"alpha/text-embedding-3-small","input":"\#(Self.text)"}"#
        #expect(try await usage(vectors, input, .embedding) == Usage(input: 25, output: 0))
    }

    @Test func `a picture is not counted by its bytes`() async throws {
        let picture = String(repeating: "iVBORw0KGgo", count: 2_000)
        let body =
            #"{"model":"small","messages":[{"role":"user","content":[{"type":"text","text":"Hi"},"#
            + #"{"type":"image_url","image_url":{"url":"data:image/png;base64,\#(picture)","detail":"low"}}]}]}"#
        let tokens = 4 + 1 + 85 + 3
        #expect(try await usage(ScriptedAnswer(json: Self.silent), body, .chat) == Usage(input: tokens, output: 7))
    }

    @Test func `a client that leaves before the figures is booked with the prompt's tokens`() async throws {
        let bench = try Bench()
        let answer = ScriptedAnswer(stream: [Sample.chunk("a"), Sample.chunk("b")])
        bench.script(.answer(answer))
        let client = bench.ask(Self.chat("small", isStream: true))
        client.abort.fire()
        bench.settle()
        let record = try await bench.record()
        #expect(record.outcome == .cancelled && record.usage == Usage(input: 33, output: 2))
        #expect(record.cost == NanoUSD(nanos: 33 * 2_000 + 2 * 8_000))
    }

    @Test func `of a prompt that was too large to be kept, the tokens follow from its length`() async throws {
        let body = Self.chat("small", isStream: true, text: String(repeating: "word ", count: 220_000))
        let answer = ScriptedAnswer(stream: [Sample.chunk("a"), Sample.done])
        #expect(try await usage(answer, body, .chat) == Usage(input: body.utf8.count / 4, output: 1))
    }

    @Test func `a long prompt is counted by its beginning`() async throws {
        // Each is a token.
        let body = Self.chat("small", text: String(repeating: " word", count: 150_000))
        let counted = try await usage(ScriptedAnswer(json: Self.silent), body, .chat).input
        #expect(abs(counted - 150_000) < 100)
    }

    @Test func `what was neither told nor said in words stays unknown`() async throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: #"{"results":[]}"#)))
        bench.ask(#"{"model":"small","query":"a","documents":["b"]}"#, .rerank)
        let record = try await bench.record()
        #expect(record.usageBasis == .none && record.cost == nil)
    }
}
