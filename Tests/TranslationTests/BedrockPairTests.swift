import SiraBedrock
import SiraCore
import SiraOpenAI
import SiraTesting
import SiraWire
import Testing

@Suite(.enabled(if: SharedData.isAvailable, "the shared pairs are not here"))
struct BedrockPairTests {
    /// Requests of OpenAI's clients that Sira refuses, and why.
    private let refused = [
        "c9f6980ea81ca8db": "asks for three answers, of which one would be given",
        "b60b160ef2210a91": "names a picture by its address, which Bedrock has refused",
        "5bfb18fff0b32583": "holds nothing but an instruction",
        "987d431c37b7f3d2": "holds nothing but an instruction",
        "62af5bb45d387fb6": "has a message whose content is an object",
        "e41d82c9ef814afa": "has parts that do not say their type",
        "1697c649497f408f": "has parts that do not say their type",
        "9ad9f0fec9a5b5a3": "has a choice of tools that is none",
    ]

    @Test func `requests of OpenAI's clients say what two other implementations make of them`() throws {
        let gateway = Gateway(client: OpenAIDialect(), provider: BedrockDialect())
        let pairs = try Pair.all("request", from: "openai.chat", to: "bedrock.converse")
        #expect(pairs.count > 40)
        for pair in pairs {
            var input = pair.input.members
            if let reason = refused[pair.id] {
                #expect(throws: GatewayError.self, "\(pair.id) \(reason)") { try gateway.request(pair.input.json) }
                guard input.removeValue(forKey: "n") != nil else { continue }
            }
            let model = pair.expected["modelId"].string ?? "model"
            let found = try Tree(gateway.request(Tree.object(input).json, model: model).body).normalized()
            let expected = pair.expected.normalized()
            for path in pair.agreed {
                #expect(found.at(path) == expected.at(path), "\(pair.id) \(pair.name) \(path)")
            }
        }
    }

    @Test func `requests of Anthropic's clients say what two other implementations make of them`() throws {
        try PairExam("request", from: "anthropic.messages", to: "bedrock.converse").checkRequests()
    }

    @Test func `answers and streams say what two other implementations make of them`() throws {
        // OpenAI has no tier of that name.
        let excused = ["db867c0b6212a43c": "a tier that is reserved"]
        let exam = try PairExam("response", from: "bedrock.converse", to: "openai.chat", excusing: excused)
        #expect(exam.pairs.count > 30)
        try exam.checkResponses()
        try PairExam("response", from: "bedrock.converse", to: "anthropic.messages").checkResponses()
        let streams = try PairExam("stream", from: "bedrock.converse", to: "openai.chat")
        #expect(streams.pairs.count > 30)
        try streams.checkStreams()
        try PairExam("stream", from: "bedrock.converse", to: "anthropic.messages").checkStreams()
    }

    @Test(arguments: ["openai.chat", "anthropic.messages"])
    func `what cannot be said is refused or named, and what is the same in both is the same`(client: String) throws {
        try PairExam("untranslatable", from: client, to: "bedrock.converse").checkUntranslatable()
        try PairExam("equivalent_request", from: client, to: "bedrock.converse").checkEquivalents()
    }

    @Test func `requests and answers that a third implementation has seen are written and read`() throws {
        try DifferentialExam(provider: "bedrock.converse").check(requests: 17, answers: 12, streams: 6)
    }
}

/// What one other implementation made of requests and answers: a check that nothing is missing, no truth.
struct DifferentialExam {
    let provider: String

    /// - Parameters: how many of each there are.
    func check(requests: Int, answers: Int, streams: Int) throws {
        let dialect = try #require(WireFormat.dialect(provider))
        let gateway = Gateway(client: OpenAIDialect(), provider: dialect)
        let asked = try Pair.all("differential", from: "openai.chat", to: provider, kind: "request")
        #expect(asked.count == requests)
        for pair in asked {
            do {
                let body = try Tree(gateway.request(pair.input.json, model: "model").body)
                #expect(!body["messages"].elements.isEmpty, "\(pair.id)")
            } catch let error as GatewayError {
                // Some ask with what only OpenAI's models take.
                #expect([.unsupportedFeature, .invalidField].contains(error.code), "\(pair.id) \(error)")
            }
        }
        let answered = try Pair.all("differential", from: provider, to: "openai.chat", kind: "response")
        #expect(answered.count == answers)
        for pair in answered {
            let message = try Tree(gateway.answer(pair.input.json))["choices"]["0"]["message"]
            let expected = pair.expected["choices"]["0"]["message"]
            #expect(message["tool_calls"].elements.count == expected["tool_calls"].elements.count, "\(pair.id)")
            guard let text = expected["content"].string, !text.isEmpty else { continue }
            #expect(message["content"].string == text, "\(pair.id)")
        }
        let streamed = try Pair.all("differential", from: provider, to: "openai.chat", kind: "stream")
        #expect(streamed.count == streams)
        for pair in streamed {
            let folded = try FoldedChat(gateway.stream([pair.sentStream(of: provider)]).output)
            let expected = try FoldedChat(Array((pair.expected.string ?? "").utf8))
            #expect(folded.text == expected.text, "\(pair.id)")
            #expect(folded.isDone && folded.errors == 0, "\(pair.id)")
        }
    }
}
