import SiraCore
import SiraGemini
import SiraJSON
import SiraTesting
import SiraWire
import Testing

@Suite struct GenerateRoundTripTests {
    private let indexer = JSONIndexer()

    @Test func `calls that are written are read the same`() throws {
        let features: Set<CallFeature> = [
            .temperature, .topP, .topK, .seed, .penalties, .stop, .outputLimit, .answers, .logprobs, .effort,
            .thinkingBudget, .stream, .tools, .toolChoice, .toolErrors, .toolImages, .callSignatures, .jsonObject,
            .jsonSchema, .imageURLs, .imageData, .audio, .documentData, .documentURLs,
        ]
        var calls = RandomCall(seed: 11, features: features)
        for number in 0..<400 {
            let call = calls.next()
            let target = TargetModel(name: "gemini-3-flash", quirks: Quirks())
            let written = try GenerateCase.provider.writeCall(call, to: target, indexer: indexer)
            #expect(written.dropped.isEmpty, "\(number): \(written.dropped)")
            var read = try indexer.read(written.body) {
                try GenerateCase.client.readCall($0, path: PathFacts(model: "m", isStream: call.isStream))
            }
            // Thoughts are asked for wherever the model is to think, and schemas have no names.
            #expect(read.reasoning.display == (call.reasoning.isWanted ? "summarized" : nil))
            read.reasoning.display = nil
            if case .jsonSchema(var format) = read.outputFormat {
                format.name = nil
                read.outputFormat = .jsonSchema(format)
            }
            #expect(read.summary == call.summary, "\(number)")
        }
    }

    @Test(arguments: [true, false])
    func `answers that are written are read the same`(isStream: Bool) throws {
        var answers = RandomAnswer(seed: 12, features: [.thinking, .toolCalls, .callSignatures, .choices, .usage])
        for number in 0..<400 {
            let events = answers.next()
            let written = GenerateCase.tell(events, isStream: isStream)
            let read = try GenerateCase.read(written, isStream: isStream, indexer)
            #expect(read.folded == events.folded, "\(number)")
        }
    }
}
