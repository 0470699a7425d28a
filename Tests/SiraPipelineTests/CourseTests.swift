import NIOCore
import SiraAnthropic
import SiraCore
import SiraJSON
import SiraOpenAI
import SiraWire
import Testing

@testable import SiraPipeline

/// How a provider's stream becomes the client's, piece by piece.
@Suite struct CourseTests {
    private let indexer = JSONIndexer()

    /// What the client saw, what it is to see last, and how the course ended.
    private struct Seen {
        var output = ByteBuffer()
        var ending = ByteBuffer()
        var steps: [String] = []

        var shown: String { String(buffer: output) }
        var last: String { String(buffer: ending) }
    }

    private func passing(_ dialect: any Dialect = OpenAIDialect()) -> PassingStream {
        PassingStream(
            observer: dialect.makeObserver(.chat, isStream: true, withholdsUsage: false, quirks: Quirks()),
            framing: .serverSentEvents,
            indexer: indexer
        )
    }

    private func translated(from provider: any Dialect, to client: any Dialect) throws -> TranslatedAnswer {
        let request = AnswerRequest(
            request: RequestID(high: 1, low: 2),
            model: "m",
            isStream: true,
            asksForUsage: true,
            createdAt: Timestamp(microseconds: 0)
        )
        return TranslatedAnswer(
            reader: try #require(provider.provider).makeReader(isStream: true, quirks: Quirks()),
            writer: try #require(client.client).makeWriter(for: request),
            framing: .serverSentEvents,
            indexer: indexer,
            isStream: true,
            limit: 1_000_000
        )
    }

    private func run(_ course: any AnswerCourse, _ pieces: [String], ends: Bool = true) -> Seen {
        var seen = Seen()
        for piece in pieces {
            let step = course.take(ByteBuffer(string: piece), output: &seen.output, ending: &seen.ending)
            seen.steps.append(step.name)
            if step.isFinal { return seen }
        }
        if ends { seen.steps.append(course.end(output: &seen.output, ending: &seen.ending).name) }
        return seen
    }

    private static let word = "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n"
    private static let finish = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
    private static let message = [
        #"{"type":"message_start","message":{"usage":{"input_tokens":5,"output_tokens":1}}}"#,
        #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
        #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}"#,
        #"{"type":"content_block_stop","index":0}"#,
        #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":3}}"#,
        #"{"type":"message_stop"}"#,
    ].map { "data: \($0)\n\n" }

    @Test func `a translated stream ends with the protocol's last event, not with the body`() throws {
        let course = try translated(from: AnthropicDialect(), to: OpenAIDialect())
        let seen = run(course, Self.message, ends: false)
        #expect(seen.steps.last == "last")
        #expect(seen.shown.contains("\"completion_tokens\":3") && seen.last == "data: [DONE]\n\n")

        let other = run(
            try translated(from: OpenAIDialect(), to: AnthropicDialect()),
            [Self.word, Self.finish + "data: [DONE]\n\n"],
            ends: false
        )
        #expect(other.steps.last == "last" && other.last.contains("message_stop"))
    }

    @Test(arguments: ["", "\n", "\r\n", "\r"])
    func `a last event without its blank line gets one`(lineEnd: String) throws {
        let passed = run(passing(), [Self.word, "data: [DONE]\(lineEnd)"])
        #expect(passed.steps.last == "last" && passed.shown == Self.word)
        #expect(passed.last.hasPrefix("data: [DONE]") && passed.last.isWholeEvent)

        let text = Self.word.dropLast(2) + lineEnd
        let shown = run(passing(), [Self.word, String(text)]).shown
        #expect(shown.utf8.starts(with: (Self.word + text).utf8) && shown.isWholeEvent, "\(shown)")

        let told = run(
            try translated(from: AnthropicDialect(), to: OpenAIDialect()),
            Self.message.dropLast() + [Self.message[5].dropLast(2) + lineEnd]
        )
        #expect(told.steps.last == "last" && told.last.hasSuffix("data: [DONE]\n\n"))
    }

    @Test func `half an event is not shown`() throws {
        let half = String(Self.word.dropLast(9))
        for course in [passing(), try translated(from: OpenAIDialect(), to: AnthropicDialect())] as [any AnswerCourse] {
            let seen = run(course, [Self.word, half])
            #expect(seen.steps.last == "failure upstream_stream_interrupted")
            #expect(!seen.shown.hasSuffix(half))
        }
    }
}

extension CourseStep {
    fileprivate var name: String {
        switch self {
        case .frame: "frame"
        case .content: "content"
        case .last: "last"
        case .failure(let error): "failure \(error.code.rawValue)"
        }
    }

    fileprivate var isFinal: Bool {
        switch self {
        case .last, .failure: true
        case .frame, .content: false
        }
    }
}

extension String {
    /// Whether the text ends where an event ends.
    fileprivate var isWholeEvent: Bool {
        var framer = SSEFramer()
        let bytes = Array(utf8)
        return bytes.withUnsafeBytes { framer.completeLength(of: $0) } == bytes.count
    }
}
