import SiraAnthropic
import SiraCore
import SiraJSON
import SiraOpenAI
import SiraTesting
import SiraWire
import Testing

/// What a dialect writes as a provider's request, or a client's answer, it reads as the same again, as far as its
/// protocol has words for it.
@Suite struct RoundTripTests {
    private let indexer = JSONIndexer()

    private static let chat: Set<CallFeature> = [
        .temperature, .topP, .seed, .penalties, .stop, .outputLimit, .answers, .logprobs, .verbosity, .effort, .stream,
        .endUser, .metadata, .keepsAnswer, .cacheKey, .serviceTier, .tools, .strictTools, .toolChoice, .toolsAmong,
        .parallelTools, .callSignatures, .jsonSchema, .schemaNames, .speakerNames, .imageURLs, .imageData, .imageDetail,
        .audio, .documentData, .documentNames,
    ]
    private static let messages: Set<CallFeature> = [
        .topK, .stop, .outputLimit, .stream, .endUser, .serviceTier, .tools, .strictTools, .toolErrors, .toolImages,
        .jsonSchema, .imageURLs, .imageData, .documentData, .documentURLs, .documentText, .documentNames,
        .documentContext, .citedDocuments, .thoughts, .redactedThoughts, .cacheMarks, .longCacheMarks,
    ]

    @Test func `calls are the same after chat completions`() throws {
        try check(OpenAIDialect(), Self.chat, model: "gemini-pro")
    }

    @Test func `calls are the same after messages, with choices of tools`() throws {
        let features = Self.messages.union([.temperature, .topP, .toolChoice])
        try check(AnthropicDialect(), features)
    }

    @Test func `calls are the same after messages, with budgets for thoughts`() throws {
        try check(AnthropicDialect(), Self.messages.subtracting([.topK]).union([.thinkingBudget]))
    }

    private func check(_ dialect: any Dialect, _ features: Set<CallFeature>, model: String = "model") throws {
        var random = RandomCall(seed: 11, features: features)
        for number in 0..<300 {
            var call = random.next()
            // Messages demand a limit.
            if dialect.name == .anthropic { call.sampling.outputLimit = call.sampling.outputLimit ?? 4_096 }
            var quirks = Quirks()
            quirks.takesAllowedTools = true
            let target = TargetModel(name: model, quirks: quirks)
            let written = try #require(dialect.provider).writeCall(call, to: target, indexer: indexer)
            #expect(written.dropped == [], "call \(number)")
            let client = try #require(dialect.client)
            let read = try indexer.read(written.body) { try client.readCall($0, path: PathFacts()) }
            #expect(read.summary == call.summary, "call \(number)")
        }
    }

    @Test(arguments: [true, false])
    func `answers are the same after chat completions`(isStream: Bool) throws {
        // Whole answers have one text for all thoughts, and proofs of calls after their arguments.
        try checkAnswers(
            OpenAIDialect(),
            [.thinking, .signatures, .toolCalls, .callSignatures, .choices, .usage],
            isStream
        )
    }

    @Test(arguments: [true, false])
    func `answers are the same after messages`(isStream: Bool) throws {
        try checkAnswers(AnthropicDialect(), [.thinking, .signatures, .redactedThinking, .toolCalls, .usage], isStream)
    }

    private func checkAnswers(_ dialect: any Dialect, _ features: Set<AnswerFeature>, _ isStream: Bool) throws {
        var random = RandomAnswer(seed: 12, features: features)
        for number in 0..<300 {
            let events = random.next()
            let wanted = AnswerRequest(
                request: RequestID(high: 1, low: 2),
                model: "model",
                isStream: isStream,
                asksForUsage: true,
                createdAt: Timestamp(microseconds: 1_000_000)
            )
            var (body, read): ([UInt8], [AnswerEvent]) = ([], [])
            var writer = try #require(dialect.client).makeWriter(for: wanted)
            for event in events { writer.write(event, into: &body) }
            writer.finish(into: &body)
            var reader = try #require(dialect.provider).makeReader(isStream: isStream, quirks: Quirks())
            if isStream {
                try Gateway.forEachEvent(in: [body]) { try reader.read($0, indexer: indexer, into: &read) }
            } else {
                try body.withUnsafeBytes { try reader.read($0, indexer: indexer, into: &read) }
            }
            reader.finish(into: &read)
            #expect(read.folded == events.folded, "answer \(number)")
        }
    }
}
