import SiraBedrock
import SiraCohere
import SiraCore
import SiraJSON
import SiraOllama
import SiraOpenAI
import SiraTesting
import SiraWire
import Testing

/// Recorded answers of Bedrock, Cohere and Ollama, read whole, cut, and mangled.
@Suite(.enabled(if: SharedData.isAvailable, "the shared recordings are not here"))
struct CloudRecordingTests {
    struct Source: Sendable, CustomTestStringConvertible {
        var file: String
        var api: String
        /// The end of the paths that hold conversations of this version.
        var path: String
        var dialect: any Dialect
        var wholes: Int
        var streams: Int
        var testDescription: String { api }
    }

    static let sources = [
        Source(file: "bedrock", api: "converse", path: "", dialect: BedrockDialect(), wholes: 234, streams: 35),
        Source(file: "cohere", api: "cohere_chat", path: "/v2/chat", dialect: CohereDialect(), wholes: 44, streams: 12),
        Source(file: "ollama", api: "ollama_chat", path: "/api/chat", dialect: OllamaDialect(), wholes: 1, streams: 2),
    ]

    struct Answer {
        var id: String
        var body: [UInt8]
        var isStream: Bool
    }

    private func answers(_ source: Source) throws -> [Answer] {
        try SharedData.lines(of: "recordings/\(source.file).jsonl.gz").compactMap { line in
            let tree = try Tree(line)
            guard tree["api"].string == source.api, tree["status"].number == 200,
                tree["path"].string?.hasSuffix(source.path) == true, let body = tree["response_body"].string
            else { return nil }
            let isText = tree["response_body_encoding"].string == "text"
            return Answer(
                id: tree["id"].string ?? "",
                body: isText ? Array(body.utf8) : Base64Text.decoded(body),
                isStream: !tree["stream_format"].isNull
            )
        }
    }

    @Test(arguments: sources) func `whole answers are read, and tell their figures`(source: Source) throws {
        let wholes = try answers(source).filter { !$0.isStream }
        #expect(wholes.count >= source.wholes)
        let gateway = Gateway(client: OpenAIDialect(), provider: source.dialect)
        for answer in wholes {
            let body = try Tree(gateway.answer(answer.body))
            #expect(body["error"].isNull, "\(answer.id)")
            var observer = source.dialect.makeObserver(.chat, isStream: false, withholdsUsage: false, quirks: Quirks())
            _ = answer.body.withUnsafeBytes { observer.observe(whole: $0, indexer: gateway.indexer) }
            #expect(observer.reported?.usage.input == body["usage"]["prompt_tokens"].number, "\(answer.id)")
        }
    }

    @Test(arguments: sources) func `streams are the same however they are cut`(source: Source) throws {
        var random = SeededRandom(seed: 8)
        let streams = try answers(source).filter(\.isStream)
        #expect(streams.count >= source.streams)
        let gateway = Gateway(client: OpenAIDialect(), provider: source.dialect)
        for stream in streams {
            let whole = try gateway.stream([stream.body])
            let folded = try FoldedChat(whole.output)
            #expect(folded.isDone && folded.errors == 0, "\(stream.id)")
            #expect(try gateway.stream(stream.body.cut(using: &random)).output == whole.output, "\(stream.id)")
            #expect(try gateway.stream(stream.body.map { [$0] }).output == whole.output, "\(stream.id)")
        }
    }

    @Test(arguments: sources) func `passing streams tell their end and their figures`(source: Source) throws {
        var random = SeededRandom(seed: 9)
        let gateway = Gateway(client: OpenAIDialect(), provider: source.dialect)
        for stream in try answers(source).filter(\.isStream) {
            var observer = source.dialect.makeObserver(.chat, isStream: true, withholdsUsage: false, quirks: Quirks())
            let roles = try gateway.observe(stream.body.cut(using: &random), with: &observer)
            let folded = try FoldedChat(gateway.stream([stream.body]).output)
            let ends = roles.contains { if case .last = $0 { true } else { false } }
            #expect(ends || observer.mayEnd, "\(stream.id)")
            #expect(observer.reported?.usage.output == folded.output, "\(stream.id)")
            #expect(observer.contentEvents > 0, "\(stream.id)")
        }
    }

    @Test(arguments: sources) func `mangled answers are read or refused`(source: Source) throws {
        var random = SeededRandom(seed: 10)
        let gateway = Gateway(client: OpenAIDialect(), provider: source.dialect)
        for answer in try answers(source) {
            let body = answer.body.mangled(using: &random)
            _ = try? answer.isStream ? gateway.stream([body]).output : gateway.answer(body)
            var observer = source.dialect.makeObserver(.chat, isStream: true, withholdsUsage: false, quirks: Quirks())
            _ = try? gateway.observe(body.cut(using: &random), with: &observer)
            _ = body.withUnsafeBytes { observer.observe(whole: $0, indexer: gateway.indexer) }
        }
    }

    @Test func `messages whose payload is mangled are read or refused, though their checksums fit`() throws {
        var random = SeededRandom(seed: 11)
        let source = Self.sources[0]
        let gateway = Gateway(client: OpenAIDialect(), provider: source.dialect)
        for stream in try answers(source).filter(\.isStream) {
            let ranges = stream.body.withUnsafeBytes { StreamFramer.events(in: $0, .eventStream) }
            let mangled = try ranges.map { range in
                var message = try Array(stream.body[range]).withUnsafeBytes { try EventStreamMessage($0) }
                if Bool.random(using: &random) { message.payload = message.payload.mangled(using: &random, at: 1) }
                return message.bytes
            }
            _ = try? gateway.stream(mangled)
            var observer = source.dialect.makeObserver(.chat, isStream: true, withholdsUsage: false, quirks: Quirks())
            _ = try gateway.observe(mangled, with: &observer)
        }
    }

    @Test func `recorded requests for Converse are read and can be written again`() throws {
        let gateway = Gateway(client: BedrockDialect(), provider: BedrockDialect())
        var count = 0
        for line in try SharedData.lines(of: "recordings/bedrock.jsonl.gz") {
            let tree = try Tree(line)
            guard tree["api"].string == "converse", tree["status"].number == 200, !tree["request_body"].isNull else {
                continue
            }
            guard !tree["request_body"]["messages"].elements.isEmpty else { continue }
            let written = try gateway.request(
                tree["request_body"].json,
                model: tree["model"].string ?? "model",
                path: PathFacts(model: "model")
            )
            let texts = try Tree(written.body).texts
            let blocks = tree["request_body"]["messages"].elements.flatMap { $0["content"].elements }
            for text in blocks.compactMap({ $0["text"].string }) where text.contains(where: { !$0.isWhitespace }) {
                let isKept = texts.contains { $0.contains(text) || text.contains($0) }
                #expect(isKept, "\(tree["id"].string ?? "") \(text.prefix(60))")
            }
            count += 1
        }
        #expect(count > 150)
    }
}

extension [UInt8] {
    /// The bytes with some of them others.
    func mangled(using random: inout SeededRandom, at places: Int = 10) -> [UInt8] {
        guard !isEmpty else { return self }
        var bytes = self
        for _ in 0..<places {
            bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        return bytes
    }
}
