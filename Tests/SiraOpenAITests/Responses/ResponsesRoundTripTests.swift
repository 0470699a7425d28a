import SiraCore
import SiraJSON
import SiraTesting
import SiraWire
import Testing

@testable import SiraOpenAI

/// What is written in the protocol and read back says the same.
@Suite struct ResponsesRoundTripTests {
    private let indexer = JSONIndexer()

    private static let carried: Set<CallFeature> = [
        .temperature, .topP, .outputLimit, .logprobs, .verbosity, .effort, .stream, .endUser, .metadata, .keepsAnswer,
        .cacheKey, .serviceTier, .tools, .strictTools, .toolChoice, .toolsAmong, .parallelTools, .toolImages,
        .jsonObject, .jsonSchema, .schemaNames, .imageURLs, .imageData, .imageDetail, .audio, .documentURLs, .fileIDs,
        .refusals, .thoughts,
    ]

    @Test func `a call that is written and read back is the same`() throws {
        var calls = RandomCall(seed: 41, features: Self.carried)
        for number in 0..<400 {
            var call = calls.next()
            call.nameProofs(.openai)
            let written = try ResponsesProvider().writeCall(
                call,
                to: TargetModel(name: "m", quirks: Quirks()),
                indexer: indexer
            )
            #expect(written.dropped.isEmpty, "call \(number)")
            let read = try indexer.read(written.body) { try ResponsesClient().readCall($0, path: PathFacts()) }
            // Nothing is kept unless the client says so.
            call.keepsAnswer = call.keepsAnswer ?? false
            #expect(read.summary == call.summary, "call \(number)")
        }
    }

    @Test func `another maker's proofs go to clients and come back, and never to OpenAI`() throws {
        for proof in ["sig", "sira.gemini:sig"] {
            var writer = ResponsesWriter(.sample(isStream: false))
            var bytes: [UInt8] = []
            let events: [AnswerEvent] = [.thinking(part: 0, "t"), .signature(part: 0, proof), .stop(.complete)]
            for event in events { writer.write(event, into: &bytes) }
            writer.finish(into: &bytes)
            let output = try indexer.read(bytes) { $0["output"]?.rawJSON.description ?? "" }
            let next = Array(#"{"model":"m","input":\#(output)}"#.utf8)
            let call = try indexer.read(next) { try ResponsesClient().readCall($0, path: PathFacts()) }
            let named = proof == "sig" ? "sira.anthropic:sig" : proof
            #expect(call.turns.first?.parts.map(\.summary) == ["thinking t \(named)"])
            let target = TargetModel(name: "m", quirks: Quirks())
            let written = try ResponsesProvider().writeCall(call, to: target, indexer: indexer)
            #expect(written.dropped == ["input[0]"])
            #expect(!String(decoding: written.body, as: UTF8.self).contains("sig"))
        }
    }

    @Test func `what the protocol cannot carry is named`() throws {
        var calls = RandomCall(seed: 42, features: Set(CallFeature.allCases).subtracting([.answers, .audio]))
        var named: Set<String> = []
        for _ in 0..<200 {
            let target = TargetModel(name: "m", quirks: Quirks())
            let written = try ResponsesProvider().writeCall(calls.next(), to: target, indexer: indexer)
            named.formUnion(written.dropped.map { $0.split(separator: ".").last.map(String.init) ?? "" })
        }
        let expected: Set<String> = [
            "top_k", "seed", "presence_penalty", "frequency_penalty", "stop", "name", "is_error", "cache_control",
            "context", "citations", "filename", "thought_signature",
        ]
        #expect(named.isSuperset(of: expected), "\(expected.subtracting(named))")
    }

    @Test(arguments: [true, false])
    func `an answer that is written and read back is the same`(isStream: Bool) throws {
        var answers = RandomAnswer(
            seed: 43,
            features: [.thinking, .signatures, .refusals, .toolCalls, .usage]
        )
        var random = SeededRandom(seed: 44)
        for number in 0..<200 {
            let events = answers.next().map { event in
                guard case .signature(let part, let proof) = event else { return event }
                return .signature(part: part, ProofMaker.openai.named(proof))
            }
            var writer = ResponsesWriter(.sample(isStream: isStream))
            var bytes: [UInt8] = []
            for event in events { writer.write(event, into: &bytes) }
            writer.finish(into: &bytes)
            #expect(writer.dropped.isEmpty)
            let read = try bytes.readAsResponse(isStream: isStream, cutUsing: &random)
            #expect(read.folded == events.folded, "answer \(number)")
        }
    }

    @Test func `proofs of calls and thoughts that nobody can read come back with the next request`() throws {
        var writer = ResponsesWriter(.sample(isStream: false))
        var bytes: [UInt8] = []
        let events: [AnswerEvent] = [
            .start(AnswerStart(serviceTier: nil)), .redactedThinking(part: 0, "c2VjcmV0"),
            .toolCall(part: 1, id: "a:1", name: "f"), .signature(part: 1, "cHJvb2Y="), .toolArguments(part: 1, "{}"),
            .stop(.toolCalls),
        ]
        for event in events { writer.write(event, into: &bytes) }
        writer.finish(into: &bytes)
        let output = try indexer.read(bytes) { $0["output"]?.rawJSON.description ?? "" }
        let next = Array(#"{"model":"m","input":\#(output)}"#.utf8)
        let call = try indexer.read(next) { try ResponsesClient().readCall($0, path: PathFacts()) }
        #expect(call.turns.count == 1)
        #expect(call.turns.first?.parts.map(\.summary) == ["redacted c2VjcmV0", "call a:1 f {} cHJvb2Y="])
    }
}

extension Call {
    /// Gives the proofs of all thoughts their maker's name.
    fileprivate mutating func nameProofs(_ maker: ProofMaker) {
        for turn in turns.indices {
            for part in turns[turn].parts.indices {
                guard case .thinking(var thought) = turns[turn].parts[part].content else { continue }
                thought.signature = thought.signature.map(maker.named)
                turns[turn].parts[part].content = .thinking(thought)
            }
        }
    }
}

extension AnswerRequest {
    static func sample(isStream: Bool, call: Call? = nil) -> AnswerRequest {
        AnswerRequest(
            request: RequestID(high: 1, low: 2),
            model: "m",
            isStream: isStream,
            asksForUsage: true,
            createdAt: Timestamp(microseconds: 1_000_000),
            call: call
        )
    }
}

extension [UInt8] {
    /// The events of a response, which arrives in random pieces.
    func readAsResponse(isStream: Bool, cutUsing random: inout SeededRandom) throws -> [AnswerEvent] {
        let indexer = JSONIndexer()
        var reader = ResponsesReader(isStream: isStream, costField: nil)
        var events: [AnswerEvent] = []
        guard isStream else {
            try withUnsafeBytes { try reader.read($0, indexer: indexer, into: &events) }
            reader.finish(into: &events)
            return events
        }
        var framer = SSEFramer()
        var pending: [UInt8] = []
        var rest = self[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(Int.random(in: 1...97, using: &random)))
            rest = rest.dropFirst(piece.count)
            let complete = piece.withUnsafeBytes { framer.completeLength(of: $0) }
            guard complete > 0 else {
                pending += piece
                continue
            }
            pending += piece[..<complete]
            try pending.withUnsafeBytes { bytes in
                for range in SSEFramer.events(in: bytes) {
                    try reader.read(UnsafeRawBufferPointer(rebasing: bytes[range]), indexer: indexer, into: &events)
                }
            }
            pending = Array(piece[complete...])
        }
        reader.finish(into: &events)
        return events
    }
}
