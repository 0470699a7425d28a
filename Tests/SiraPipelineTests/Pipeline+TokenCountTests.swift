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
            #"{"generateContentRequest":{"model":"models/g","contents":[{"role":"user","parts":[{"text":"Hi"}]}],"systemInstruction":{"parts":[{"text":"Be brief."}]},"tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"object"}}]}],"generationConfig":{}}}"#,
            #"{"totalTokens":31}"#
        ),
        (
            "delta/r", "/v1/responses/input_tokens",
            #"{"model":"r","input":[{"type":"message","role":"system","content":[{"type":"input_text","text":"Be brief."}]},{"type":"message","role":"user","content":[{"type":"input_text","text":"Hi"}]}],"tools":[{"type":"function","name":"f","parameters":{"type":"object"}}]}"#,
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
        #expect(sent.path == path && String(buffer: sent.body) == body)
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

    @Test func `who counts no tokens is not asked to`() throws {
        let bench = try Bench()
        for model in ["small", "kappa/e", "lambda/e"] {
            let client = bench.ask(Self.messages(model), .countTokens)
            #expect(client.status == 400 && client.code == "unsupported_feature")
        }
        #expect(bench.lane.transport.requests.isEmpty)
    }

    @Test(arguments: ["{}", #"{"input_tokens":-1}"#, #"{"input_tokens":"many"}"#, "x"])
    func `what is no number is no count`(answer: String) throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: answer)))
        let client = bench.ask(Self.gemini, .geminiCountTokens, path: PathFacts(model: "sonnet"))
        #expect(client.status == 502)
    }
}
