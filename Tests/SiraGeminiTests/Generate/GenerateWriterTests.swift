import SiraCore
import SiraGemini
import SiraJSON
import SiraTesting
import SiraWire
import Testing

@Suite struct GenerateWriterTests {
    private func whole(_ events: [AnswerEvent], call: Call? = nil) -> String {
        String(decoding: GenerateCase.tell(events, isStream: false, call: call), as: UTF8.self)
    }

    private func chunks(_ events: [AnswerEvent]) -> [String] {
        String(decoding: GenerateCase.tell(events, isStream: true), as: UTF8.self).split(separator: "\n\n")
            .map { String($0).replacing(Self.tail, with: "") }
    }

    private static let tail = #","modelVersion":"m","responseId":"\#(RequestID(high: 1, low: 2))""#

    private var usage: AnswerEvent {
        var usage = Usage(input: 10, output: 7)
        (usage.reasoning, usage.cacheRead, usage.toolPrompt) = (3, 4, 2)
        return .usage(ReportedUsage(usage))
    }

    @Test func `a whole answer holds its parts, the reason and the figures`() {
        let text = whole([
            .thinking(part: 0, "h"), .thinking(part: 0, "m"), .signature(part: 0, "foreign"), .text(part: 1, "a"),
            .text(part: 1, "b"), .toolCall(part: 2, id: "", name: "f"), .toolArguments(part: 2, #"{"x""#),
            .toolArguments(part: 2, ":1}"), .signature(part: 2, "s"), usage, .stop(.toolCalls),
        ])
        let id = RequestID(high: 1, low: 2).description.dropFirst(4)
        #expect(
            text == #"{"candidates":[{"content":{"parts":[{"text":"hm","thought":true},{"text":"ab"},{"functionCall":"#
                + #"{"id":"call_\#(id)_2","name":"f","args":{"x":1}},"thoughtSignature":"s"}],"role":"model"},"#
                + #""finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":8,"candidatesTokenCount":4,"#
                + #""thoughtsTokenCount":3,"cachedContentTokenCount":4,"toolUsePromptTokenCount":2,"#
                + #""totalTokenCount":17}"# + Self.tail + "}"
        )
    }

    @Test func `chunks come as events do, and calls when they are whole`() {
        let chunks = chunks([
            .start(AnswerStart(serviceTier: nil)), .text(part: 0, "a"), .toolCall(part: 1, id: "x", name: "f"),
            .toolCall(part: 2, id: "y", name: "g"), .toolArguments(part: 1, "{}"), .toolArguments(part: 2, "{no"),
            .stop(.toolCalls), usage,
        ])
        #expect(chunks.count == 3)
        #expect(
            chunks[0] == #"data: {"candidates":[{"content":{"parts":[{"text":"a"}],"role":"model"},"index":0}]}"#
        )
        #expect(
            chunks[1] == #"data: {"candidates":[{"content":{"parts":[{"functionCall":{"id":"x","name":"f","args":{}}},"#
                + #"{"functionCall":{"id":"y","name":"g","args":{"INVALID_JSON":"{no"}}}],"role":"model"},"index":0}]}"#
        )
        #expect(chunks[2].contains(#""finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":8,"#))
    }

    @Test func `several answers are several candidates`() {
        let text = whole([
            .text(part: 0, "a"), .choice(1), .text(part: 1, "b"), .stop(.outputLimit), .choice(0), .stop(.refusal),
        ])
        #expect(text.contains(#"{"parts":[{"text":"a"}],"role":"model"},"finishReason":"SAFETY","index":0}"#))
        #expect(text.contains(#"{"parts":[{"text":"b"}],"role":"model"},"finishReason":"MAX_TOKENS","index":1}"#))
    }

    @Test func `thoughts are shown to those who ask for them`() {
        let events: [AnswerEvent] = [.thinking(part: 0, "hm"), .text(part: 1, "a"), .stop(.complete)]
        var call = Call(turns: [])
        #expect(!whole(events, call: call).contains("hm"))
        call.reasoning.display = "summarized"
        #expect(whole(events, call: call).contains("hm"))
    }

    @Test func `an answer of nothing has an empty text`() {
        #expect(whole([.stop(.complete)]).contains(#""parts":[{"text":""}]"#))
    }

    @Test func `sources are told with the words that draw on them`() {
        var first = Citation(url: "https://a", title: "A", dialect: .openai, raw: RawJSON("1"))
        first.range = 1..<3
        let second = Citation(url: nil, title: "B", dialect: .anthropic, raw: RawJSON("2"))
        let text = whole([
            .text(part: 0, "äöü"), .citation(part: 0, first), .text(part: 0, "!"), .citation(part: 0, second),
            .stop(.complete),
        ])
        #expect(
            text.contains(
                #""groundingMetadata":{"groundingChunks":[{"web":{"uri":"https://a","title":"A"}},{"retrievedContext":"#
                    + #"{"title":"B"}}],"groundingSupports":[{"segment":{"startIndex":2,"endIndex":6},"#
                    + #""groundingChunkIndices":[0]},{"segment":{"startIndex":0,"endIndex":7},"groundingChunkIndices":[1]}]}"#
            )
        )
    }

    @Test func `bytes and likelihoods have their places`() {
        let token = TokenLogprob(token: "a", logprob: -0.5, alternatives: [TokenLogprob(token: "b", logprob: -1)])
        let text = whole([
            .media(part: 0, .base64(type: "image/png", data: "QQ==")), .media(part: 1, .url("https://a")),
            .audio(part: 2, "Qg=="), .logprobs(part: 3, [token]), .stop(.complete),
        ])
        #expect(
            text.contains(
                #"{"inlineData":{"mimeType":"image/png","data":"QQ=="}},{"fileData":{"fileUri":"https://a"}}"#
            )
        )
        #expect(text.contains(#"{"inlineData":{"mimeType":"audio/wav","data":"Qg=="}}"#))
        #expect(
            text.contains(
                #""logprobsResult":{"topCandidates":[{"candidates":[{"token":"b","logProbability":-1}]}],"#
                    + #""chosenCandidates":[{"token":"a","logProbability":-0.5}]}"#
            )
        )
    }

    @Test func `what Google's protocol cannot say is named`() {
        var writer = GenerateCase.client.makeWriter(
            for: AnswerRequest(
                request: RequestID(high: 1, low: 2),
                model: "m",
                isStream: true,
                asksForUsage: true,
                createdAt: Timestamp(microseconds: 0)
            )
        )
        var output: [UInt8] = []
        for event: AnswerEvent in [
            .thinking(part: 0, "a"), .signature(part: 0, "s"), .redactedThinking(part: 1, "r"),
            .native(part: 2, .anthropic, RawJSON("{}")), .native(part: 3, .anthropic, RawJSON("{}")),
        ] { writer.write(event, into: &output) }
        #expect(writer.dropped == ["answer.signature", "answer.redacted_thinking", "answer.native"])
    }

    @Test func `a failure is an error, and nothing follows it`() {
        let failure = AnswerEvent.failure(GatewayError(.upstreamFailed, "No."))
        #expect(
            whole([.text(part: 0, "a"), failure, .stop(.complete)]).hasPrefix(#"{"error":{"code":502,"message":"No."#)
        )
        let chunks = chunks([.text(part: 0, "a"), failure, .text(part: 0, "b")])
        #expect(chunks.count == 2)
        #expect(chunks.last?.hasPrefix(#"data: {"error":{"code":502"#) == true)
    }

    @Test(arguments: [true, false])
    func `arguments that come by turns, with text between, reach their calls`(isStream: Bool) throws {
        var random = SeededRandom(seed: 77)
        for round in 0..<200 {
            let wanted = (0..<Int.random(in: 1...4, using: &random)).map { number in
                #"{"n":\#(number),"t":"}\\\"{\#(Int.random(in: 0...99, using: &random))","l":[{}]}"#
            }
            var rests = wanted.map { Array($0) }
            var events = wanted.indices.map { AnswerEvent.toolCall(part: $0, id: "c\($0)", name: "f") }
            while let index = rests.indices.filter({ !rests[$0].isEmpty }).randomElement(using: &random) {
                let count = Int.random(in: 1...rests[index].count, using: &random)
                events.append(.toolArguments(part: index, String(rests[index].prefix(count))))
                rests[index].removeFirst(count)
                if Bool.random(using: &random) { events.append(.text(part: 10 + events.count, "w")) }
            }
            events.append(.stop(.toolCalls))
            let read = try GenerateCase.read(GenerateCase.tell(events, isStream: isStream), isStream: isStream)
            var calls: [Int: String] = [:]
            var told: [String: String] = [:]
            for event in read {
                if case .toolCall(let part, let id, _) = event { calls[part] = id }
                if case .toolArguments(let part, let piece) = event { told[calls[part] ?? "", default: ""] += piece }
            }
            let expected = Dictionary(uniqueKeysWithValues: wanted.enumerated().map { ("c\($0.offset)", $0.element) })
            #expect(told == expected, "round \(round)")
        }
    }

    @Test func `a call in a whole answer stands where it began`() {
        let text = whole([
            .text(part: 0, "a"), .toolCall(part: 1, id: "x", name: "f"), .text(part: 2, "b"),
            .toolCall(part: 3, id: "y", name: "g"), .text(part: 4, "c"), .toolArguments(part: 1, "{}"),
            .stop(.toolCalls),
        ])
        let places = [#""a""#, #""x""#, #""b""#, #""y""#, #""c""#].compactMap { text.firstRange(of: $0)?.lowerBound }
        #expect(places.count == 5 && places == places.sorted())
    }

    @Test func `what is said of a call that has been told is an error, not lost`() {
        let events: [AnswerEvent] = [
            .toolCall(part: 0, id: "x", name: "f"), .toolArguments(part: 0, "{}"), .text(part: 1, "a"),
        ]
        #expect(chunks(events + [.toolArguments(part: 0, "\n")]).last?.contains("finishReason") == true)
        #expect(chunks(events + [.toolArguments(part: 0, "{}")]).last?.contains("upstream_protocol_error") == true)
    }

    @Test func `arguments without an end are not gathered for ever`() {
        let piece = String(repeating: "x", count: 1 << 20)
        let events =
            [AnswerEvent.toolCall(part: 0, id: "a", name: "f")]
            + Array(repeating: .toolArguments(part: 0, piece), count: 20)
        #expect(chunks(events).last?.contains("upstream_protocol_error") == true)
    }
}
