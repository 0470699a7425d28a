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
        .stop, .outputLimit, .stream, .metadata, .tools, .strictTools, .toolErrors, .toolImages, .jsonSchema, .imageData,
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
