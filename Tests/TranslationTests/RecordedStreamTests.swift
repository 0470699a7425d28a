import SiraAnthropic
import SiraCore
import SiraJSON
import SiraOpenAI
import SiraTesting
import SiraWire
import Testing

@Suite(.enabled(if: SharedData.isAvailable, "the shared recordings are not here"))
struct RecordedStreamTests {
    private let gateway = Gateway()

    @Test func `streams of messages are the same however they are cut`() throws {
        var random = SeededRandom(seed: 1)
        let streams = try Recording.messages()
        #expect(streams.count > 100)
        for stream in streams {
            let whole = try gateway.stream([stream.body])
            let cut = try gateway.stream(stream.body.cut(using: &random))
            #expect(whole.output == cut.output, "\(stream.id)")
            let folded = try FoldedChat(whole.output)
            let truth = stream.foldedMessages
            #expect(folded.text == truth.text, "\(stream.id)")
            #expect(folded.reasoning == truth.reasoning, "\(stream.id)")
            #expect(folded.calls.count == truth.toolCalls, "\(stream.id)")
            #expect(folded.isDone == truth.isComplete, "\(stream.id)")
            #expect(folded.errors == (truth.isComplete ? 0 : 1), "\(stream.id)")
            if truth.isComplete { #expect(folded.output == truth.output, "\(stream.id)") }
        }
    }

    @Test func `one stream of messages is the same cut at every byte`() throws {
        let streams = try Recording.messages()
        let stream = try #require(
            streams.filter { $0.foldedMessages.toolCalls > 0 }.min { $0.body.count < $1.body.count }
        )
        let whole = try gateway.stream([stream.body]).output
        for at in stream.body.indices {
            let cut = try gateway.stream([Array(stream.body[..<at]), Array(stream.body[at...])]).output
            #expect(cut == whole, "cut at \(at)")
        }
    }

    @Test func `passing messages give the recorded figures`() throws {
        var random = SeededRandom(seed: 2)
        for stream in try Recording.messages() {
            var observer = AnthropicDialect().makeObserver(
                .messages,
                isStream: true,
                withholdsUsage: false,
                quirks: Quirks()
            )
            let roles = try gateway.observe(stream.body.cut(using: &random), with: &observer)
            let truth = stream.foldedMessages
            guard truth.isComplete else { continue }
            #expect(observer.reported?.usage.output == truth.output, "\(stream.id)")
            #expect(observer.reported?.usage.input == truth.input, "\(stream.id)")
            #expect(observer.contentEvents > 0 || truth.text.isEmpty, "\(stream.id)")
            #expect(roles.contains { if case .last = $0 { true } else { false } }, "\(stream.id)")
        }
    }

    @Test func `passing chat completions of all providers give the recorded figures`() throws {
        var random = SeededRandom(seed: 3)
        let files = try SharedData.recordings()
        let streams = try Recording.streams(in: files, apis: ["chat", "completions"])
        #expect(streams.count > 200)
        for stream in streams {
            let truth = stream.foldedChat
            var observer = OpenAIDialect().makeObserver(.chat, isStream: true, withholdsUsage: true, quirks: Quirks())
            let roles = try gateway.observe(stream.body.cut(using: &random), with: &observer)
            #expect(observer.reported?.usage.input == truth.prompt, "\(stream.id)")
            #expect((observer.reported?.usage.total ?? 0) >= (truth.completion ?? 0), "\(stream.id)")
            #expect(observer.contentEvents == 0 || truth.hasContent, "\(stream.id)")
            #expect(observer.contentEvents > 0 || !truth.hasContent, "\(stream.id)")
            let withheld = roles.count { if case .withheld = $0 { true } else { false } }
            #expect(withheld == truth.usageOnlyChunks, "\(stream.id)")
            let isDone = roles.contains { if case .last = $0 { true } else { false } }
            #expect(isDone == truth.isDone, "\(stream.id)")
            #expect(observer.mayEnd || !truth.hasFinish, "\(stream.id)")
            let hasFailed = roles.contains { if case .failure = $0 { true } else { false } }
            #expect(hasFailed == truth.hasError, "\(stream.id)")
        }
    }

    @Test func `mangled streams are read or refused`() throws {
        var random = SeededRandom(seed: 4)
        for stream in try Recording.messages() {
            var body = stream.body
            for _ in 0..<20 {
                body[Int.random(in: body.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            _ = try? gateway.stream([body])
            for dialect: any Dialect in [OpenAIDialect(), AnthropicDialect()] {
                var observer = dialect.makeObserver(.chat, isStream: true, withholdsUsage: true, quirks: Quirks())
                _ = try gateway.observe(body.cut(using: &random), with: &observer)
                _ = body.withUnsafeBytes { observer.observe(whole: $0, indexer: gateway.indexer) }
            }
        }
    }

    @Test func `whole answers give the recorded figures`() throws {
        for recording in try Recording.wholes(in: try SharedData.recordings(), apis: ["chat", "embeddings"]) {
            guard let body = try? Tree(recording.body), let prompt = body["usage"]["prompt_tokens"].number else {
                continue
            }
            var observer = OpenAIDialect().makeObserver(.chat, isStream: false, withholdsUsage: false, quirks: Quirks())
            _ = recording.body.withUnsafeBytes { observer.observe(whole: $0, indexer: gateway.indexer) }
            #expect((observer.reported?.usage.input ?? -1) >= prompt, "\(recording.id)")
            let total = body["usage"]["total_tokens"].number
            #expect(total == nil || (observer.reported?.usage.total ?? -1) == total, "\(recording.id)")
        }
    }
}

extension [UInt8] {
    /// Random pieces, in order.
    func cut(using random: inout SeededRandom) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var at = 0
        while at < count {
            let end = Swift.min(count, at + Int.random(in: 1...200, using: &random))
            pieces.append(Array(self[at..<end]))
            at = end
        }
        return pieces
    }
}
