import SiraCore
import SiraJSON
import SiraTesting
import SiraWire
import Testing

@testable import SiraBedrock

/// What is written is read again as it was.
@Suite struct ConverseRoundTripTests {
    private let indexer = JSONIndexer()
    private static let claude = TargetModel(name: "us.anthropic.claude-sonnet-4-5-20250929-v1:0", quirks: Quirks())

    private func returned(_ call: Call) throws -> Call {
        let written = try ConverseProvider().writeCall(call, to: Self.claude, indexer: indexer)
        #expect(written.dropped.isEmpty, "\(written.dropped)")
        let path = PathFacts(model: Self.claude.name, isStream: call.isStream)
        return try indexer.read(written.body) { try ConverseClient().readCall($0, path: path) }
    }

    private static let common: Set<CallFeature> = [
        .stop, .outputLimit, .stream, .metadata, .tools, .strictTools, .toolErrors, .toolImages, .jsonSchema,
        .imageData,
        .audio, .redactedThoughts, .thoughts, .cacheMarks, .longCacheMarks,
    ]

    @Test(arguments: [
        ConverseRoundTripTests.common.union([.temperature, .topP, .topK]),
        ConverseRoundTripTests.common.union([.thinkingBudget]),
    ])
    func `random calls survive the way to Bedrock and back`(features: Set<CallFeature>) throws {
        var calls = RandomCall(seed: 11, features: features)
        for number in 0..<150 {
            let call = calls.next()
            #expect(try returned(call).summary == call.summary, "call \(number)")
        }
    }

    @Test(arguments: [true, false]) func `random answers survive the way to a client and back`(isStream: Bool) throws {
        var answers = RandomAnswer(
            seed: 12,
            features: [.thinking, .signatures, .redactedThinking, .toolCalls, .usage]
        )
        for number in 0..<150 {
            let events = answers.next()
            let (output, ranges) = try written(events, isStream: isStream)
            var reader = ConverseProvider().makeReader(isStream: isStream, quirks: Quirks())
            var read: [AnswerEvent] = []
            for range in ranges {
                try Array(output[range]).withUnsafeBytes { try reader.read($0, indexer: indexer, into: &read) }
            }
            reader.finish(into: &read)
            #expect(read.folded == events.folded, "answer \(number)")
        }
    }

    @Test func `calls that come by turns are blocks one after another`() throws {
        var random = SeededRandom(seed: 32)
        for number in 0..<100 {
            let calls = InterleavedCalls(using: &random)
            let (output, ranges) = try written(calls.events + [.stop(.toolCalls)], isStream: true)
            var inputs: [String: String] = [:]
            var (text, count, open) = ("", Int64(0), (index: Int64(-1), tool: String?.none))
            for range in ranges {
                let event = try Array(output[range]).withUnsafeBytes { try StreamEvent($0, indexer: indexer) }
                guard case .event(let name, let payload) = event else { continue }
                try indexer.read(payload) { json in
                    let index = json["contentBlockIndex"]?.integer ?? -1
                    switch name {
                    case "contentBlockStart":
                        #expect(open.index == -1 && index == count)
                        let tool = try #require(json["start"]?["toolUse"]?["toolUseId"]?.string)
                        #expect(inputs.updateValue("", forKey: tool) == nil)
                        open = (index, tool)
                    case "contentBlockDelta":
                        // Blocks of text begin with their first piece.
                        if open.index == -1 { open = (count, nil) }
                        #expect(index == open.index, "answer \(number)")
                        if let tool = open.tool {
                            inputs[tool, default: ""] += json["delta"]?["toolUse"]?["input"]?.string ?? "?"
                        } else {
                            text += json["delta"]?["text"]?.string ?? "?"
                        }
                    case "contentBlockStop":
                        #expect(index == open.index)
                        open = (-1, nil)
                        count += 1
                    default: break
                    }
                }
            }
            #expect(open.index == -1 && text.count == calls.text.count)
            #expect(inputs.count == calls.arguments.count)
            for (part, arguments) in calls.arguments.enumerated() { #expect(inputs["id\(part)"] == arguments) }
        }
    }

    @Test func `what an answer has and Converse has no place for is named`() {
        var writer = ConverseClient().makeWriter(for: AnswerRequest(isStream: true))
        var output: [UInt8] = []
        let token = TokenLogprob(token: "a", logprob: 0)
        let events: [AnswerEvent] = [
            .transcript(part: 0, "words"), .audio(part: 0, "AA=="), .logprobs(part: 0, [token]),
            .toolCall(part: 1, id: "i", name: "f"), .toolArguments(part: 1, "{}"), .signature(part: 1, "s"),
            .media(part: 2, .url("u")), .native(part: 3, .gemini, RawJSON("{}")),
            .native(part: 4, .gemini, RawJSON("{}")), .stop(.toolCalls), .choice(1), .text(part: 5, "second"),
        ]
        for event in events { writer.write(event, into: &output) }
        writer.finish(into: &output)
        #expect(
            writer.dropped == [
                "answer.audio", "answer.logprobs", "answer.signature", "answer.media", "answer.provider_blocks",
                "answer.choices",
            ]
        )
        let text = String(decoding: output, as: UTF8.self)
        #expect(text.contains("words") && !text.contains("second") && text.contains(#""stopReason":"tool_use""#))
    }

    private func written(_ events: [AnswerEvent], isStream: Bool) throws -> ([UInt8], [Range<Int>]) {
        var writer = ConverseClient().makeWriter(for: AnswerRequest(isStream: isStream))
        var output: [UInt8] = []
        for event in events { writer.write(event, into: &output) }
        writer.finish(into: &output)
        guard isStream else { return (output, [0..<output.count]) }
        return (output, output.withUnsafeBytes { StreamFramer.events(in: $0, .eventStream) })
    }
}

extension AnswerRequest {
    /// What a test's client asks for.
    init(isStream: Bool) {
        self.init(
            request: RequestID(high: 1, low: 2),
            model: "model",
            isStream: isStream,
            asksForUsage: true,
            createdAt: Timestamp(microseconds: 0)
        )
    }
}
