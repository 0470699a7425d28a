import SiraCore
import SiraJSON
import SiraOpenAI
import SiraAnthropic
import SiraTesting
import SiraWire
import Testing

@Suite(.enabled(if: SharedData.isAvailable, "the shared pairs are not here"))
struct PairTests {
    private let gateway = Gateway()

    @Test func `requests say what two other implementations make of them`() throws {
        let pairs = try Pair.all("request", from: "openai.chat", to: "anthropic.messages")
        #expect(pairs.count > 30)
        for pair in pairs {
            var input = pair.input.members
            if (input["n"]?.number ?? 1) > 1 {
                #expect(throws: GatewayError.self, "\(pair.name)") { try gateway.request(pair.input.json) }
                input["n"] = nil
            }
            let written = try gateway.request(Tree.object(input).json, model: pair.expected["model"].string ?? "m")
            expectAgreement(try Tree(written.body), pair)
        }
    }

    @Test(arguments: ["openai.chat", "anthropic.messages"])
    func `requests, answers and streams of both protocols agree with two other implementations`(client: String) throws {
        let provider = client == "openai.chat" ? "anthropic.messages" : "openai.chat"
        if client != "openai.chat" { try PairExam("request", from: client, to: provider).checkRequests() }
        try PairExam("response", from: provider, to: client).checkResponses()
        try PairExam("stream", from: provider, to: client).checkStreams()
        try PairExam("equivalent_request", from: client, to: provider).checkEquivalents()
    }

    @Test func `requests seen by a third implementation are written without loss of messages`() throws {
        for pair in try Pair.all("differential", from: "openai.chat", to: "anthropic.messages", kind: "request") {
            let written = try gateway.request(pair.input.json)
            // A message without content is left out here, and filled with a sentence there.
            guard !written.dropped.contains(where: { $0.hasSuffix("reasoning_signature") }) else { continue }
            let count = try Tree(written.body)["messages"].elements.count
            #expect(count == pair.expected["messages"].elements.count, "\(pair.id)")
        }
    }

    @Test func `scenarios written by hand in both formats are accepted`() throws {
        for pair in try Pair.all("equivalent_request", from: "openai.chat", to: "anthropic.messages") {
            #expect(throws: Never.self, "\(pair.name)") { try gateway.request(pair.input.json) }
        }
    }

    @Test func `signatures of another provider are named as dropped`() throws {
        for pair in try Pair.all("untranslatable", from: "openai.chat", to: "anthropic.messages") {
            let dropped = try gateway.request(pair.input.json).dropped
            #expect(dropped.contains { $0.hasSuffix("reasoning_signature") }, "\(pair.name): \(dropped)")
        }
    }

    @Test func `what a message's request says and a chat completion cannot is named`() throws {
        let carried = [
            "e077d2b98b7cd103": "a document that is text is carried in words, its title before it",
            "c513eeae9f4321ff": "the limit is sent by the name that the model knows",
        ]
        try PairExam("untranslatable", from: "anthropic.messages", to: "openai.chat", excusing: carried)
            .checkUntranslatable()
    }

    @Test(arguments: ["openai.chat", "anthropic.messages"])
    func `what passes untouched is what two other implementations make of it`(format: String) throws {
        for kind in ["request", "response"] {
            for pair in try Pair.all(kind, from: format, to: format) {
                let (found, expected) = (pair.input.normalized(), pair.expected.normalized())
                for path in pair.agreed { #expect(found.at(path) == expected.at(path), "\(pair.id) \(path)") }
            }
        }
    }

    @Test(arguments: ["openai.chat", "anthropic.messages"])
    func `the two halves of a protocol say what was said`(format: String) throws {
        // Between client and provider of one protocol these pass as they are; here they are read and written again.
        let excused = [
            "4c4364b24558e878": "instructions between turns go before the first",
            "150c8c1c1d6423e6": "of figures that contradict their sum, the sum counts",
            "ab2ceab89cce9510": "there is no count of predicted tokens, and nobody keeps what was spoken",
            "e449ff9934b6b9ce": "details that are all zero are left out",
            "ef9250ed82abd348": "a total that is more than its parts counts as thoughts",
            "346ec9d19a315b90": "an answer that says nothing has an empty text, not none",
        ]
        try PairExam("request", from: format, to: format, excusing: excused).checkRequests()
        try PairExam("response", from: format, to: format, excusing: excused).checkResponses()
        try PairExam("stream", from: format, to: format).checkStreams()
        let aggregates = try PairExam("aggregate", from: format, to: format, excusing: excused)
        #expect(aggregates.pairs.count == 3)
        try aggregates.checkAggregates()
    }

    @Test func `answers say what two other implementations make of them`() throws {
        let pairs = try Pair.all("response", from: "anthropic.messages", to: "openai.chat")
        #expect(pairs.count > 30)
        for pair in pairs {
            expectAgreement(try Tree(try gateway.answer(pair.input.json)), pair)
        }
    }

    @Test func `streams add up to what two other implementations make of them`() throws {
        let pairs = try Pair.all("stream", from: "anthropic.messages", to: "openai.chat")
        #expect(pairs.count > 15)
        for pair in pairs {
            var sent = Array((pair.input.string ?? "").utf8)
            for event in pair.input.elements { sent += Array("data: ".utf8) + event.json + Array("\n\n".utf8) }
            let folded = try FoldedChat(try gateway.stream([sent]).output)
            let expected = try FoldedChat(Array((pair.expected.string ?? "").utf8))
            for path in pair.agreed {
                #expect(folded.tree.at(path) == expected.tree.at(path), "\(pair.id) \(pair.name) \(path)")
            }
        }
    }

    @Test func `errors keep the provider's words and status`() throws {
        let pairs = try Pair.all("error", from: "anthropic.messages", to: "openai.chat")
        #expect(!pairs.isEmpty)
        for pair in pairs {
            let error = pair.input.json.withUnsafeBytes {
                AnthropicDialect().readError(status: 400, body: $0, indexer: gateway.indexer)
            }
            #expect(error.status == 400)
            let body = try Tree(OpenAIDialect().errorBody(error, request: RequestID(high: 1, low: 2)))
            let message = try #require(body["error"]["message"].string)
            #expect(message.hasPrefix(pair.expected["error"]["message"].string ?? "?"))
            #expect(body["error"]["type"] == pair.expected["error"]["type"])
        }
    }

    @Test(arguments: ["openai.chat", "anthropic.messages"])
    func `strange requests are answered or refused, and the field at fault is named`(format: String) throws {
        let provider = try #require(WireFormat.dialect(format))
        let gateway = Gateway(client: OpenAIDialect(), provider: provider)
        for line in try SharedData.lines(of: "pairs/fuzz_request.jsonl.gz") {
            let pair = try Tree(line)
            let body = pair["input"].string.map { Array($0.utf8) } ?? pair["input"].json
            do {
                try gateway.indexer.read(body) {
                    _ = try OpenAIDialect().envelope(of: $0, operation: .chat, path: PathFacts())
                }
                let written = try gateway.request(body)
                #expect(throws: Never.self, "\(pair["id"])") { try Tree(written.body) }
            } catch let error as GatewayError {
                #expect(error.status == 400 && error.field?.isEmpty == false, "\(pair["id"]) \(error)")
            }
            _ = try? gateway.indexer.read(body) {
                _ = try? AnthropicDialect().envelope(of: $0, operation: .messages, path: PathFacts())
                _ = try? AnthropicDialect().client?.readCall($0, path: PathFacts())
            }
        }
    }

    private func expectAgreement(_ tree: Tree, _ pair: Pair) {
        let (found, expected) = (tree.normalized(), pair.expected.normalized())
        for path in pair.agreed {
            #expect(found.at(path) == expected.at(path), "\(pair.id) \(pair.name) \(path)")
        }
    }
}
