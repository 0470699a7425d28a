import SiraCore
import SiraJSON
import SiraOpenAI
import SiraWire
import Testing

@Suite struct OpenAIEnvelopeTests {
    private static let messages = #""messages":[{"role":"user","content":"Hi"}]"#

    private func envelope(_ text: String, _ operation: Operation = .chat) throws -> Envelope {
        try JSONIndexer().read(Array(text.utf8)) {
            try OpenAIDialect().envelope(of: $0, operation: operation, path: PathFacts())
        }
    }

    private func field(_ text: String, _ operation: Operation = .chat) -> String? {
        do {
            _ = try envelope(text, operation)
            return nil
        } catch let error as GatewayError {
            return error.field ?? error.code.rawValue
        } catch {
            return "\(error)"
        }
    }

    @Test func `the model and the limit's name are found where they stand`() throws {
        let text = #"{ "model": "gpt\u002d5", "max_tokens" : 7, \#(Self.messages)}"#
        let envelope = try envelope(text)
        let bytes = Array(text.utf8)
        #expect(envelope.model == "gpt-5")
        #expect(String(decoding: bytes[try #require(envelope.modelSpan)], as: UTF8.self) == #""gpt\u002d5""#)
        let key = try #require(envelope.outputLimitKeySpan)
        #expect(String(decoding: bytes[key], as: UTF8.self) == "\"max_tokens\"")
        #expect(!envelope.isStream && envelope.asksForUsage && envelope.usageSplice == nil)
    }

    @Test func `of two limits neither is renamed`() throws {
        let both = try envelope(#"{"model":"m","max_tokens":7,"max_completion_tokens":5,\#(Self.messages)}"#)
        #expect(both.outputLimitKeySpan == nil)
        #expect(try envelope(#"{"model":"m","max_tokens":null,\#(Self.messages)}"#).outputLimitKeySpan == nil)
    }

    @Test(arguments: [
        (#"{"model":"m","stream":true,M}"#, #"{"model":"m","stream":true,M,"stream_options":{"include_usage":true}}"#),
        (
            #"{"model":"m","stream":true,M } "#,
            #"{"model":"m","stream":true,M ,"stream_options":{"include_usage":true}} "#
        ),
        (
            #"{"stream":true,"stream_options":null,"model":"m",M}"#,
            #"{"stream":true,"stream_options":{"include_usage":true},"model":"m",M}"#
        ),
        (
            #"{"stream":true,"stream_options":{},"model":"m",M}"#,
            #"{"stream":true,"stream_options":{"include_usage":true},"model":"m",M}"#
        ),
        (
            #"{"stream":true,"stream_options":{"x":1},"model":"m",M}"#,
            #"{"stream":true,"stream_options":{"x":1,"include_usage":true},"model":"m",M}"#
        ),
        (
            #"{"stream":true,"stream_options":{"include_usage":false},"model":"m",M}"#,
            #"{"stream":true,"stream_options":{"include_usage":true},"model":"m",M}"#
        ),
        (
            #"{"stream":true,"stream_options":{"include_usage":null},"model":"m",M}"#,
            #"{"stream":true,"stream_options":{"include_usage":true},"model":"m",M}"#
        ),
    ])
    func `a stream is made to report usage`(given: String, wanted: String) throws {
        let text = given.replacing("M", with: Self.messages)
        let envelope = try envelope(text)
        #expect(envelope.isStream && !envelope.asksForUsage)
        var bytes = Array(text.utf8)
        let splice = try #require(envelope.usageSplice)
        bytes.replaceSubrange(splice.span, with: splice.replacement)
        #expect(String(decoding: bytes, as: UTF8.self) == wanted.replacing("M", with: Self.messages))
    }

    @Test func `a stream that reports usage is left alone`() throws {
        let text = #"{"model":"m","stream":true,"stream_options":{"include_usage":true},\#(Self.messages)}"#
        let envelope = try envelope(text)
        #expect(envelope.asksForUsage && envelope.usageSplice == nil)
    }

    @Test(arguments: [
        (#"{M}"#, "model"), (#"{"model":"m"}"#, "messages"), (#"{"model":"m","stream":1,M}"#, "stream"),
        (#"{"model":"m","stream_options":[],M}"#, "stream_options"),
        (#"{"model":"m","stream_options":{"include_usage":1},M}"#, "stream_options.include_usage"),
        (#"{"model":"m","max_tokens":0,M}"#, "max_tokens"),
        (#"{"model":"m","max_completion_tokens":"9",M}"#, "max_completion_tokens"),
    ])
    func `what is wrong is named`(text: String, path: String) {
        #expect(field(text.replacing("M", with: Self.messages)) == path)
    }

    @Test func `completions and embeddings need what they work on`() {
        #expect(field(#"{"model":"m"}"#, .completion) == "prompt")
        #expect(field(#"{"model":"m","prompt":"x","max_tokens":0}"#, .completion) == nil)
        #expect(field(#"{"model":"m","input":null}"#, .embedding) == "input")
        #expect(field(#"{"model":"m","input":["x"]}"#, .embedding) == nil)
    }

    // MARK: requests that only need a model

    private func sent(
        _ text: String,
        _ operation: Operation,
        path: PathFacts = PathFacts(),
        as name: String
    ) throws -> String {
        try JSONIndexer().read(Array(text.utf8)) { json in
            let envelope = try OpenAIDialect().envelope(of: json, operation: operation, path: path)
            var bytes = Array(text.utf8)
            for splice in envelope.splices(for: TargetModel(name: name, quirks: Quirks())).reversed() {
                bytes.replaceSubrange(splice.span, with: splice.replacement)
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    @Test(arguments: [
        (Operation.moderation, #"{"input":"a"}"#, "omni-moderation-latest"),
        (.imageGeneration, #"{"prompt":"a"}"#, "gpt-image-1"),
        (.imageEdit, #"{"model":null,"prompt":"a"}"#, "gpt-image-1"),
    ])
    func `a model that may be left out is OpenAI's usual one, and is named to the provider`(
        operation: SiraWire.Operation,
        text: String,
        model: String
    ) throws {
        #expect(try envelope(text, operation).model == model)
        let body = try sent(text, operation, as: "x")
        let named = try JSONIndexer().read(Array(body.utf8)) { $0["model"]?.string }
        #expect(named == "x")
    }

    @Test(arguments: [
        (Operation.speech, #"{"model":"m"}"#, "input"), (.speech, #"{"input":"a"}"#, "model"),
        (.rerank, #"{"model":"m","documents":[]}"#, "query"), (.rerank, #"{"model":"m","query":"a"}"#, "documents"),
        (.moderation, "{}", "input"), (.imageGeneration, "{}", "prompt"),
        (.moderation, #"{"model":7,"input":"a"}"#, "model"),
    ])
    func `what the request is about has to be there`(operation: SiraWire.Operation, text: String, missing: String) {
        #expect(field(text, operation) == missing)
    }

    @Test func `the path's model goes before the body's, and is named where the body has none`() throws {
        let path = PathFacts(model: "deployment")
        let text = #"{"model":"other",\#(Self.messages)}"#
        #expect(try sent(text, .chat, path: path, as: "deployment") == text.replacing("other", with: "deployment"))
        #expect(try sent(text, .chat, path: path, as: "other") == text)
        #expect(try sent("{\(Self.messages)}", .chat, path: path, as: "gpt") == "{\"model\":\"gpt\",\(Self.messages)}")
    }

    @Test func `the characters that are to be spoken are counted`() throws {
        #expect(try envelope(#"{"model":"m","input":"né\n"}"#, .speech).characters == 3)
    }
}
