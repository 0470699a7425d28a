import NIOCore
import SiraCore
import SiraLaneTesting
import SiraPipeline
import SiraStorage
import SiraTesting
import SiraWire
import Testing

@Suite struct PipelineTokenCountTests {
    private static func messages(_ model: String) -> String {
        #"{"model":"\#(model)","system":"Be brief.","messages":[{"role":"user","content":"Hi"}],"tools":[{"name":"f","input_schema":{"type":"object"}}],"max_tokens":9}"#
    }

    private static let gemini =
        #"{"generateContentRequest":{"model":"models/sonnet","systemInstruction":{"parts":[{"text":"Be brief."}]},"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{"temperature":0.5,"maxOutputTokens":9}}}"#

    @Test(arguments: [
        (
            "iota/g", "/v1beta/models/g:countTokens",
            #"{"generateContentRequest":{"model":"models/g","contents":[{"role":"user","parts":[{"text":"Hi"}]}],"systemInstruction":{"parts":[{"text":"Be brief."}]},"tools":[{"functionDeclarations":[{"name":"f","parametersJsonSchema":{"type":"object"}}]}],"generationConfig":{}}}"#,
            #"{"totalTokens":31}"#
        ),
        (
            "delta/r", "/v1/responses/input_tokens",
            #"{"model":"r","input":[{"type":"message","role":"system","content":[{"type":"input_text","text":"Be brief."}]},{"type":"message","role":"user","content":[{"type":"input_text","text":"Hi"}]}],"tools":[{"type":"function","name":"f","parameters":{"type":"object"},"strict":false}]}"#,
            #"{"object":"response.input_tokens","input_tokens":31}"#
        ),
    ])
    func `Anthropic's clients have tokens counted by whoever counts`(
        model: String,
        path: String,
        body: String,
        answer: String
    ) async throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: answer)))
        let client = bench.ask(Self.messages(model), .countTokens)
        #expect(client.status == 200 && client.body == #"{"input_tokens":31}"#)
        #expect(client.headers["x-sira-dropped"] == nil)
        let sent = try #require(bench.lane.transport.requests.first)
        #expect(sent.path == path)
        #expect(String(buffer: sent.body) == body)
        #expect(try await bench.record().cost?.nanos == 0)
    }

    @Test func `Google's clients have tokens counted by Anthropic`() throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: #"{"input_tokens":31}"#)))
        let client = bench.ask(Self.gemini, .geminiCountTokens, path: PathFacts(model: "sonnet"))
        #expect(client.status == 200 && client.body == #"{"totalTokens":31}"#)
        let sent = try #require(bench.lane.transport.requests.first)
        #expect(sent.path == "/v1/messages/count_tokens")
        let body = String(buffer: sent.body)
        #expect(body.contains("Be brief.") && !body.contains("max_tokens") && !body.contains("temperature"))
    }

    /// "Be brief." is 3 tokens and "Hi" one, with 4 around each message and 3 where the answer begins; the tool's name is
    /// one and its schema 5, with 4 around them.
    @Test(arguments: ["small", "kappa/c", "lambda/l"])
    func `where no provider counts, tokens are counted here, and that is said`(model: String) async throws {
        let bench = try Bench()
        let client = bench.ask(Self.messages(model), .countTokens)
        #expect(client.status == 200 && client.body == #"{"input_tokens":25}"#)
        #expect(client.headers["x-sira-token-count"] == "estimated" && client.headers["x-sira-attempts"] == "0")
        #expect(client.isEnded && bench.lane.transport.requests.isEmpty)
        let record = try await bench.record()
        #expect(record.outcome == .ok && record.cost == .zero && record.usage == Usage())
        #expect(bench.lane.context.runningRequests == 0)
    }

    @Test func `Google's clients get a count that is made here, too`() throws {
        let bench = try Bench()
        let client = bench.ask(Self.gemini, .geminiCountTokens, path: PathFacts(model: "small"))
        #expect(client.status == 200 && client.body == #"{"totalTokens":15}"#)
    }

    @Test func `what cannot be read is not counted, and what nobody has is not found`() throws {
        let bench = try Bench()
        let client = bench.ask(#"{"model":"small","messages":7}"#, .countTokens)
        #expect(client.status == 400 && client.code == "invalid_field")
        #expect(bench.ask(Self.messages("nobody-has-it"), .countTokens).status == 404)
    }

    @Test func `a provider that counts is asked`() throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: #"{"input_tokens":31}"#)))
        let client = bench.ask(Self.messages("sonnet"), .countTokens)
        #expect(client.status == 200 && client.headers["x-sira-token-count"] == nil)
    }

    @Test(arguments: ["{}", #"{"input_tokens":-1}"#, #"{"input_tokens":"many"}"#, "x"])
    func `what is no number is no count`(answer: String) throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: answer)))
        let client = bench.ask(Self.gemini, .geminiCountTokens, path: PathFacts(model: "sonnet"))
        #expect(client.status == 502)
    }
}
