import SiraAnthropic
import SiraCore
import SiraGemini
import SiraJSON
import SiraOpenAI
import SiraTesting
import SiraWire
import Testing

@Suite(.enabled(if: SharedData.isAvailable, "the shared recordings are not here"))
struct GeminiRecordingTests {
    private static let files = ["recordings/gemini.jsonl.gz", "recordings/vertex.jsonl.gz"]
    private static let apis: Set<String> = ["generateContent"]
    private let own = Gateway(client: GeminiDialect(), provider: GeminiDialect())
    private let chat = Gateway(client: OpenAIDialect(), provider: GeminiDialect())
    private let messages = Gateway(client: AnthropicDialect(), provider: GeminiDialect())

    @Test func `whole answers are read without failure and told again`() throws {
        let answers = try Recording.wholes(in: Self.files, apis: Self.apis)
        #expect(answers.count > 400)
        for answer in answers {
            let recorded = try Tree(answer.body)
            let told = try Tree(try own.answer(answer.body))
            if hasFailed(recorded) {
                #expect(!told["error"].isNull, "\(answer.id)")
                continue
            }
            #expect(told["error"].isNull, "\(answer.id)")
            #expect(text(of: told) == text(of: recorded), "\(answer.id)")
            #expect(calls(of: told) == calls(of: recorded), "\(answer.id)")
            for gateway in [chat, messages] { #expect(throws: Never.self) { try gateway.answer(answer.body) } }
        }
    }

    @Test func `streams are read without failure, told again, and the same however they are cut`() throws {
        var random = SeededRandom(seed: 6)
        let streams = try Recording.streams(in: Self.files, apis: Self.apis)
        #expect(streams.count > 100)
        for stream in streams {
            let whole = try own.stream([stream.body])
            #expect(try own.stream(stream.body.cut(using: &random)).output == whole.output, "\(stream.id)")
            guard !whole.events.contains(where: { if case .failure = $0 { true } else { false } }) else {
                #expect(!stream.isComplete, "\(stream.id)")
                continue
            }
            let told = try FoldedAnswer("gemini.generateContent", whole.output)
            let recorded = try FoldedAnswer("gemini.generateContent", stream.body)
            #expect(told.tree["text"] == recorded.tree["text"], "\(stream.id)")
            #expect(told.tree["reasoning"] == recorded.tree["reasoning"], "\(stream.id)")
            if !stream.hasPartialCalls { #expect(told.tree["calls"] == recorded.tree["calls"], "\(stream.id)") }
            _ = try chat.stream(stream.body.cut(using: &random))
            _ = try messages.stream(stream.body.cut(using: &random))
        }
    }

    @Test func `a stream is the same cut at every byte`() throws {
        let streams = try Recording.streams(in: Self.files, apis: Self.apis)
        let stream = try #require(
            streams.filter { String(decoding: $0.body, as: UTF8.self).contains("functionCall") }
                .min { $0.body.count < $1.body.count }
        )
        let whole = try chat.stream([stream.body]).output
        for at in stream.body.indices {
            let cut = try chat.stream([Array(stream.body[..<at]), Array(stream.body[at...])]).output
            #expect(cut == whole, "cut at \(at)")
        }
    }

    @Test func `passing streams give the last figures`() throws {
        var random = SeededRandom(seed: 7)
        for stream in try Recording.streams(in: Self.files, apis: Self.apis) {
            var observer = GeminiDialect().makeObserver(
                .generate,
                isStream: true,
                withholdsUsage: false,
                quirks: Quirks()
            )
            _ = try own.observe(stream.body.cut(using: &random), with: &observer)
            let total = stream.lastTotal
            #expect(observer.reported?.usage.total == total, "\(stream.id)")
            #expect(observer.mayEnd == stream.isComplete, "\(stream.id)")
            // Some thought until their limit was reached, and said nothing.
            #expect(observer.contentEvents > 0 || !stream.hasParts, "\(stream.id)")
        }
    }

    @Test func `mangled answers are read or refused`() throws {
        var random = SeededRandom(seed: 8)
        let streams = try Recording.streams(in: Self.files, apis: Self.apis)
        let answers = try Recording.wholes(in: Self.files, apis: Self.apis)
        for recording in streams + answers where recording.body.count < 100_000 {
            var body = recording.body
            for _ in 0..<12 {
                body[Int.random(in: body.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            // Numbers and names are what readers trust most.
            body = Array(body.mangled(using: &random))
            _ = try? own.stream([body])
            _ = try? messages.stream([body])
            _ = try? own.answer(body)
            var observer = GeminiDialect().makeObserver(
                .generate,
                isStream: true,
                withholdsUsage: false,
                quirks: Quirks()
            )
            _ = try own.observe([body], with: &observer)
            _ = body.withUnsafeBytes { observer.observe(whole: $0, indexer: own.indexer) }
        }
    }

    @Test func `recorded requests are read, and written for others and for Gemini`() throws {
        var random = SeededRandom(seed: 9)
        var count = 0
        for line in try Self.files.flatMap({ try SharedData.lines(of: $0) }) {
            let recording = try Tree(line)
            guard recording["api"].string == "generateContent", recording["request_body_encoding"].string == "json"
            else { continue }
            count += 1
            let body = recording["request_body"].json
            for gateway in [own, Gateway(client: GeminiDialect(), provider: OpenAIDialect())] {
                do {
                    _ = try gateway.request(body)
                } catch let error as GatewayError {
                    #expect(error.code == .unsupportedFeature, "\(recording["id"].string ?? "") \(error)")
                }
                _ = try? gateway.request(Array(body.mangled(using: &random)))
            }
        }
        #expect(count > 400)
    }

    private func hasFailed(_ recorded: Tree) -> Bool {
        let candidate = recorded["candidates"]["0"]
        let reason = candidate["finishReason"].string ?? "STOP"
        return ["UNEXPECTED_TOOL_CALL", "OTHER"].contains(reason) && candidate["content"]["parts"].elements.isEmpty
    }

    private func text(of answer: Tree) -> String {
        let parts = answer["candidates"]["0"]["content"]["parts"].elements
        let text = parts.map { $0["text"].string ?? "" }.joined()
        return text.isEmpty ? answer["promptFeedback"]["blockReasonMessage"].string ?? "" : text
    }

    private func calls(of answer: Tree) -> [Tree] {
        answer["candidates"]["0"]["content"]["parts"].elements.map { $0["functionCall"] }.filter { !$0.isNull }
            .map { .array([$0["name"], $0["args"].isNull ? .object([:]) : $0["args"]]) }
    }
}

extension Recording {
    private var text: String { String(decoding: body, as: UTF8.self) }
    fileprivate var isComplete: Bool { text.contains("\"finishReason\"") || text.contains("\"blockReason\"") }
    fileprivate var hasPartialCalls: Bool { text.contains("\"partialArgs\"") || text.contains("\"willContinue\"") }

    fileprivate var hasParts: Bool { text.contains("\"parts\"") }

    /// The last total that a chunk tells.
    fileprivate var lastTotal: Int? {
        var total: Int?
        for line in text.replacing("\r\n", with: "\n").split(separator: "\n") where line.hasPrefix("data:") {
            let chunk = try? Tree(line.dropFirst(5).utf8)
            total = chunk?["usageMetadata"]["totalTokenCount"].number ?? total
        }
        return total
    }
}

extension [UInt8] {
    /// The text with some digits, names and braces changed for others, so that much of it is JSON still.
    fileprivate func mangled(using random: inout SeededRandom) -> [UInt8] {
        let swaps = [
            ("\"text\"", "\"functionCall\""), ("\"index\": 0", "\"index\": -9223372036854775808"),
            ("\"index\":0", "\"index\":99999999999999999999"), ("\"parts\"", "\"content\""), ("{", "["),
            ("\"STOP\"", "7"), ("TokenCount\": ", "TokenCount\": 9"), ("\"args\"", "\"partialArgs\""),
            ("\"endIndex\": ", "\"endIndex\": 9"), ("\"name\"", "\"id\""), ("[", "{"), ("\"id\"", "\"name\""),
        ]
        var text = String(decoding: self, as: UTF8.self)
        for _ in 0..<2 {
            let (old, new) = swaps[Int.random(in: 0..<swaps.count, using: &random)]
            text = text.replacing(old, with: new, maxReplacements: Int.random(in: 1...20, using: &random))
        }
        return Array(text.utf8)
    }
}
