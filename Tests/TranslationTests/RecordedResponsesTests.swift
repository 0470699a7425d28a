import SiraCore
import SiraJSON
import SiraOpenAI
import SiraTesting
import SiraWire
import Testing

@Suite(.enabled(if: SharedData.isAvailable, "the shared recordings are not here"))
struct RecordedResponsesTests {
    private let gateway = Gateway(client: ResponsesDialect(), provider: ResponsesDialect())

    private static func recordings(isStream: Bool) throws -> [Recording] {
        let files = try SharedData.recordings()
        let all =
            try isStream
            ? Recording.streams(in: files, apis: ["responses"]) : Recording.wholes(in: files, apis: ["responses"])
        return all.filter { !isStream || $0.responses.ends == 1 }
    }

    @Test func `streams are read, and told again as the same, however they are cut`() throws {
        var random = SeededRandom(seed: 11)
        let streams = try Self.recordings(isStream: true)
        #expect(streams.count > 140)
        for stream in streams {
            let told = try gateway.stream([stream.body])
            #expect(try gateway.stream(stream.body.cut(using: &random)).output == told.output, "\(stream.id)")
            let truth = stream.responses
            let folded = Recording(id: stream.id, body: told.output).responses
            #expect(folded == truth, "\(stream.id)")
            #expect(!told.events.contains { if case .failure = $0 { true } else { false } }, "\(stream.id)")
            #expect(try gateway.stream([told.output]).events.folded == told.events.folded, "\(stream.id)")
        }
    }

    @Test func `one stream is the same cut at every byte`() throws {
        let streams = try Self.recordings(isStream: true)
        let stream = try #require(streams.filter { $0.responses.calls > 0 }.min { $0.body.count < $1.body.count })
        let whole = try gateway.stream([stream.body]).output
        for at in stream.body.indices {
            let cut = try gateway.stream([Array(stream.body[..<at]), Array(stream.body[at...])]).output
            #expect(cut == whole, "cut at \(at)")
        }
        #expect(try gateway.stream(stream.body.map { [$0] }).output == whole)
    }

    @Test func `whole answers are read, and told again as the same`() throws {
        let answers = try Self.recordings(isStream: false)
        #expect(answers.count > 300)
        for answer in answers {
            let body = try Tree(answer.body)
            guard body["object"].string == "response" else { continue }
            let told = try gateway.answer(answer.body)
            guard ["completed", "incomplete"].contains(body["status"].string) else {
                #expect(try Tree(told)["error"].isNull == (body["status"].string == "complete"), "\(answer.id)")
                continue
            }
            let again = try Tree(told)
            #expect(again["status"] == body["status"], "\(answer.id)")
            #expect(again.outputText == body.outputText, "\(answer.id)")
            #expect(again["usage"]["total_tokens"] == body["usage"]["total_tokens"], "\(answer.id)")
            #expect(
                again["output"].elements.count == body["output"].elements.count(where: \.saysSomething),
                "\(answer.id)"
            )
        }
    }

    @Test func `passing streams give the recorded figures`() throws {
        var random = SeededRandom(seed: 12)
        for stream in try Self.recordings(isStream: true) {
            var observer = ResponsesDialect().makeObserver(
                .response,
                isStream: true,
                withholdsUsage: false,
                quirks: Quirks()
            )
            let roles = try gateway.observe(stream.body.cut(using: &random), with: &observer)
            let truth = stream.responses
            #expect(observer.reported?.usage.total ?? 0 == truth.tokens ?? 0, "\(stream.id)")
            #expect(observer.contentEvents > 0 || truth.text.isEmpty, "\(stream.id)")
            #expect(observer.mayEnd, "\(stream.id)")
            #expect(!roles.contains { if case .failure = $0 { true } else { false } }, "\(stream.id)")
        }
    }

    @Test func `mutated streams and answers do no harm`() throws {
        var random = SeededRandom(seed: 13)
        let recordings = try Self.recordings(isStream: true).filter { $0.body.count < 30_000 }
        for recording in recordings {
            for _ in 0..<4 {
                let mutated = recording.body.mutated(using: &random)
                _ = try? gateway.stream(mutated.cut(using: &random))
                _ = try? gateway.answer(mutated)
                var observer = ResponsesDialect().makeObserver(
                    .response,
                    isStream: true,
                    withholdsUsage: false,
                    quirks: Quirks()
                )
                _ = try gateway.observe([mutated], with: &observer)
                _ = mutated.withUnsafeBytes { observer.observe(whole: $0, indexer: gateway.indexer) }
            }
        }
        for answer in try Self.recordings(isStream: false).prefix(200) {
            _ = try? gateway.answer(answer.body.mutated(using: &random))
        }
    }
}

extension Recording {
    struct Responses: Equatable {
        var text = ""
        var thoughts = ""
        var calls = 0
        var tokens: Int?
        var ends = 0
    }

    /// What a stream of Responses adds up to, read in the plainest way.
    var responses: Responses {
        var folded = Responses()
        let text = String(decoding: body, as: UTF8.self).replacing("\r\n", with: "\n")
        for line in text.split(separator: "\n") where line.hasPrefix("data:") {
            guard let event = try? Tree(line.dropFirst(5).utf8) else { continue }
            switch event["type"].string {
            case "response.output_text.delta": folded.text += event["delta"].string ?? ""
            case "response.reasoning_text.delta", "response.reasoning_summary_text.delta":
                folded.thoughts += event["delta"].string ?? ""
            case "response.output_item.done": if event["item"]["type"].string == "function_call" { folded.calls += 1 }
            case "response.completed", "response.incomplete":
                folded.ends += 1
                folded.tokens = event["response"]["usage"]["total_tokens"].number
            default: break
            }
        }
        // The parts of a summary are told as paragraphs of one.
        folded.thoughts = folded.thoughts.filter { !$0.isNewline }
        return folded
    }
}

extension Tree {
    fileprivate var outputText: String {
        self["output"].elements.flatMap { $0["content"].elements }.map { part in
            part["type"].string == "output_text" ? part["text"].string ?? "" : ""
        }.joined()
    }

    /// Whether an item of the output holds anything: a thought that is kept by its provider does not.
    fileprivate var saysSomething: Bool {
        switch self["type"].string {
        case "reasoning":
            !self["summary"].elements.isEmpty || !self["content"].elements.isEmpty
                || self["encrypted_content"].string?.isEmpty == false
        case "message": self["content"].elements.contains { $0["text"].string?.isEmpty == false }
        default: true
        }
    }
}

extension [UInt8] {
    /// The bytes with some of them changed, left out, doubled or exchanged for what parsers stumble over.
    fileprivate func mutated(using random: inout SeededRandom) -> [UInt8] {
        var bytes = self
        let awkward = ["\"", "{", "}", "[", "]", "null", "-1", "1e999", "\\u0000", "\n\n", "\r", "data: ", "\u{FEFF}"]
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            guard !bytes.isEmpty else { break }
            let at = Int.random(in: bytes.indices, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.removeSubrange(at..<Swift.min(bytes.count, at + Int.random(in: 1...50, using: &random)))
            case 2: bytes.insert(contentsOf: (awkward.randomElement(using: &random) ?? "").utf8, at: at)
            default: bytes += bytes[at...].prefix(500)
            }
        }
        return bytes
    }
}
