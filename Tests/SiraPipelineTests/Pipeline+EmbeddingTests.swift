import Foundation
import NIOCore
import SiraCore
import SiraLaneTesting
import SiraPipeline
import SiraStorage
import SiraTesting
import SiraWire
import Testing

@Suite struct PipelineEmbeddingTests {
    /// What each provider is asked, at which path, and answers with the vectors 0.5, -1.25 and 3, 1e-3 for two texts.
    struct Provider: Sendable, CustomTestStringConvertible {
        var model: String
        var path: String
        var body: String
        var answer: String
        var tokens: Int?
        var testDescription: String { model }
    }

    static let providers = [
        Provider(
            model: "iota/e",
            path: "/v1beta/models/e:batchEmbedContents",
            body:
                #"{"requests":[{"model":"models/e","content":{"parts":[{"text":"One"}]},"taskType":"RETRIEVAL_QUERY","outputDimensionality":2},"#
                + #"{"model":"models/e","content":{"parts":[{"text":"Two\n"}]},"taskType":"RETRIEVAL_QUERY","outputDimensionality":2}]}"#,
            answer:
                #"{"embeddings":[{"values":[0.5,-1.25]},{"values":[3,1e-3]}],"usageMetadata":{"promptTokenCount":5,"totalTokenCount":5}}"#,
            tokens: 5
        ),
        Provider(
            model: "kappa/e",
            path: "/v2/embed",
            body:
                #"{"model":"e","texts":["One","Two\n"],"input_type":"search_query","embedding_types":["float"],"output_dimension":2,"truncate":"NONE"}"#,
            answer:
                #"{"id":"x","embeddings":{"float":[[0.5,-1.25],[3,1e-3]]},"texts":["One","Two"],"meta":{"billed_units":{"input_tokens":5}}}"#,
            tokens: 5
        ),
        Provider(
            model: "lambda/e",
            path: "/api/embed",
            body: #"{"model":"e","input":["One","Two\n"],"dimensions":2,"truncate":false}"#,
            answer: #"{"model":"e","embeddings":[[0.5,-1.25],[3,1e-3]],"total_duration":1,"load_duration":1}"#,
            tokens: nil
        ),
    ]

    private static func ask(_ model: String, _ more: String = "") -> String {
        #"{"model":"\#(model)","input":["One","Two\n"],"dimensions":2,"input_type":"query"\#(more)}"#
    }

    @Test(arguments: providers)
    func `clients of OpenAI's protocol get vectors from whoever has them`(provider: Provider) async throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: provider.answer)))
        let client = bench.ask(Self.ask(provider.model), .embedding)
        let sent = try #require(bench.lane.transport.requests.first)
        #expect(sent.path == provider.path && String(buffer: sent.body) == provider.body)
        let tokens = provider.tokens ?? 0
        #expect(
            client.body
                == #"{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,-1.25]},"#
                + #"{"object":"embedding","index":1,"embedding":[3,1e-3]}],"model":"\#(provider.model)","#
                + #""usage":{"prompt_tokens":\#(tokens),"total_tokens":\#(tokens)}}"#
        )
        #expect(client.status == 200)
        #expect(client.headers["x-sira-dropped"] == (provider.model == "lambda/e" ? "input_type" : nil))
        let record = try await bench.record()
        #expect(record.usage.output == 0 && record.operation == "embedding")
        if let tokens = provider.tokens { #expect((record.usage.input, record.usageBasis) == (tokens, .provider)) }
    }

    @Test(arguments: providers)
    func `vectors come as bytes where the client wants them so`(provider: Provider) throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: provider.answer)))
        let client = bench.ask(Self.ask(provider.model, #","encoding_format":"base64""#), .embedding)
        let data = try #require(client.json["data"] as? [[String: Any]])
        let numbers = try data.map { item in
            let bytes = try #require((item["embedding"] as? String).flatMap { Data(base64Encoded: $0) })
            return stride(from: 0, to: bytes.count, by: 4).map { start in
                Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) })
            }
        }
        #expect(numbers == [[0.5, -1.25], [3, 1e-3]])
    }

    @Test func `one text is a list of one`() throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: #"{"embeddings":[{"values":[1]}]}"#)))
        let client = bench.ask(#"{"model":"iota/e","input":"One","user":"me"}"#, .embedding)
        #expect(client.status == 200 && client.headers["x-sira-dropped"] == "user")
        let sent = String(buffer: bench.lane.transport.requests[0].body)
        #expect(sent == #"{"requests":[{"model":"models/e","content":{"parts":[{"text":"One"}]}}]}"#)
    }

    @Test(arguments: [
        (#""input":[1,2]"#, "unsupported_feature", "input[0]"), (#""input":[[1]]"#, "unsupported_feature", "input[0]"),
        (#""input":[]"#, "invalid_field", "input"), (#""input":["a",null]"#, "invalid_field", "input"),
        (#""input":{}"#, "invalid_field", "input"), (#""input":"a","dimensions":0"#, "invalid_field", "dimensions"),
        (#""input":"a","encoding_format":"int8""#, "invalid_field", "encoding_format"),
    ])
    func `what cannot be asked is refused with its field`(members: String, code: String, field: String) throws {
        let bench = try Bench()
        let client = bench.ask("{\"model\":\"kappa/e\",\(members)}", .embedding)
        #expect(client.status == 400 && client.code == code && client.error["param"] as? String == field)
        #expect(bench.lane.transport.requests.isEmpty)
    }

    @Test func `what is left out is refused where nothing may be`() throws {
        let bench = try Bench()
        let client = bench.ask(
            Self.ask("lambda/e"),
            .embedding,
            headers: [("x-sira-on-unsupported", "reject")]
        )
        #expect(client.status == 400 && client.error["param"] as? String == "input_type")
    }

    @Test(arguments: [
        #"{"embeddings":[{"values":[1]}]}"#, #"{"embeddings":[{"values":[1]},{"values":["a"]}]}"#, "[]", "no",
        #"{"embeddings":[[1],[2]]}"#,
    ])
    func `an answer without a vector for each text is none`(answer: String) throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: answer)))
        let client = bench.ask(Self.ask("iota/e"), .embedding)
        #expect(client.status == 502 && client.code == "upstream_protocol_error")
    }

    @Test func `a provider's refusal is told`() throws {
        let bench = try Bench()
        bench.script(.answer(.init(status: 400, json: #"{"error":"the input length exceeds the context length"}"#)))
        let client = bench.ask(Self.ask("lambda/e"), .embedding)
        #expect(client.status == 400 && client.body.contains("exceeds the context length"))
    }

    // MARK: clients of Gemini's protocol

    private static let vectors =
        #"{"object":"list","data":[{"index":1,"embedding":[3]},{"index":0,"embedding":[0.5]}],"model":"small","#
        + #""usage":{"prompt_tokens":5,"total_tokens":5}}"#

    @Test func `clients of Gemini's protocol get vectors from followers of OpenAI`() throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: Self.vectors)))
        let body =
            #"{"requests":[{"model":"models/small","content":{"parts":[{"text":"One"},{"text":"!"}]},"outputDimensionality":1},"#
            + #"{"model":"models/small","content":{"parts":[{"text":"Two"}]},"outputDimensionality":1,"title":"T"}]}"#
        let client = bench.ask(body, .batchEmbedContents, path: PathFacts(model: "alpha/small"))
        let sent = try #require(bench.lane.transport.requests.first)
        #expect(sent.path == "/v1/embeddings")
        #expect(
            String(buffer: sent.body)
                == #"{"model":"small","input":["One!","Two"],"dimensions":1,"encoding_format":"float"}"#
        )
        #expect(
            client.body
                == #"{"embeddings":[{"values":[0.5]},{"values":[3]}],"usageMetadata":{"promptTokenCount":5,"totalTokenCount":5}}"#
        )
        #expect(client.headers["x-sira-dropped"] == "requests[].title")
    }

    @Test func `one content has one vector, and what it is for is named where it cannot be said`() throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: #"{"data":[{"index":0,"embedding":[0.5]}]}"#)))
        let body = #"{"content":{"parts":[{"text":"One"}]},"taskType":"RETRIEVAL_QUERY"}"#
        let client = bench.ask(body, .embedContent, path: PathFacts(model: "alpha/small"))
        #expect(client.body == #"{"embedding":{"values":[0.5]}}"# && client.headers["x-sira-dropped"] == "taskType")
        bench.script(.answer(.init(json: #"{"embeddings":{"float":[[0.5]]}}"#)))
        _ = bench.ask(body, .embedContent, path: PathFacts(model: "kappa/e"))
        #expect(String(buffer: bench.lane.transport.requests[1].body).contains(#""input_type":"search_query""#))
    }

    @Test(arguments: [
        #"{"requests":[{"content":{"parts":[{"text":"a"}]},"taskType":"CLUSTERING"},{"content":{"parts":[{"text":"b"}]}}]}"#,
        #"{"requests":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":""}}]}}]}"#,
        #"{"requests":[]}"#, #"{"requests":[{}]}"#,
    ])
    func `what no list of texts says is refused`(body: String) throws {
        let bench = try Bench()
        let client = bench.ask(body, .batchEmbedContents, path: PathFacts(model: "alpha/small"))
        #expect(client.status == 400 && bench.lane.transport.requests.isEmpty)
    }

    @Test func `providers of one protocol get embeddings asked in it as they are`() throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: Self.vectors)))
        let body = #"{"model":"small","input":[1,2],"extra":true}"#
        #expect(bench.ask(body, .embedding).body == Self.vectors)
        #expect(String(buffer: bench.lane.transport.requests[0].body) == body)
    }
}
