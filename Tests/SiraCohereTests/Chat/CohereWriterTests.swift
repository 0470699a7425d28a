import SiraCore
import SiraJSON
import SiraTesting
import SiraWire
import Testing

@testable import SiraCohere

@Suite struct CohereWriterTests {
    private let indexer = JSONIndexer()

    private func write(
        _ events: [AnswerEvent],
        isStream: Bool,
        call: Call? = nil
    ) -> (body: [UInt8], dropped: [String]) {
        var writer = CohereClient().makeWriter(
            for: AnswerRequest(
                request: RequestID(high: 1, low: 2),
                model: "m",
                isStream: isStream,
                asksForUsage: true,
                createdAt: Timestamp(microseconds: 0),
                call: call
            )
        )
        var body: [UInt8] = []
        for event in events { writer.write(event, into: &body) }
        writer.finish(into: &body)
        return (body, writer.dropped)
    }

    private func read(_ body: [UInt8], isStream: Bool) throws -> [AnswerEvent] {
        var reader = CohereProvider().makeReader(isStream: isStream, quirks: Quirks())
        var events: [AnswerEvent] = []
        let ranges = isStream ? body.withUnsafeBytes { SSEFramer.events(in: $0) } : [0..<body.count]
        for range in ranges {
            try Array(body[range]).withUnsafeBytes { try reader.read($0, indexer: indexer, into: &events) }
        }
        reader.finish(into: &events)
        return events
    }

    @Test(arguments: [true, false]) func `random answers survive the way to a client and back`(isStream: Bool) throws {
        var answers = RandomAnswer(seed: 12, features: [.thinking, .toolCalls, .usage])
        for number in 0..<150 {
            // Cohere signs no thoughts.
            let events = answers.next().filter { if case .signature = $0 { false } else { true } }
            let (body, dropped) = write(events, isStream: isStream)
            #expect(dropped == [], "answer \(number)")
            #expect(try read(body, isStream: isStream).folded == events.folded, "answer \(number)")
        }
    }

    @Test func `a stream has the events that Cohere's has, in their order`() {
        let (body, _) = write(
            [
                .start(AnswerStart(serviceTier: nil)), .thinking(part: 0, "hm"), .text(part: 1, "Hi"),
                .toolCall(part: 2, id: "", name: "f"), .toolArguments(part: 2, "{}"), .stop(.toolCalls),
                .usage(ReportedUsage(Usage(input: 5, output: 7))),
            ],
            isStream: true
        )
        let lines = String(decoding: body, as: UTF8.self).split(separator: "\n")
        let names = lines.filter { $0.hasPrefix("event: ") }.map { $0.dropFirst(7) }
        #expect(
            names == [
                "message-start", "content-start", "content-delta", "content-end", "content-start", "content-delta",
                "content-end", "tool-call-start", "tool-call-delta", "tool-call-end", "message-end",
            ]
        )
        #expect(lines.last == "data: [DONE]")
        #expect(lines.contains { $0.contains(#""index":1,"delta":{"message":{"content":{"type":"text""#) })
        #expect(lines.contains { $0.contains(#""finish_reason":"TOOL_CALL""#) && $0.contains(#""input_tokens":5"#) })
    }

    @Test(arguments: [true, false]) func `citations speak of documents by the client's ids`(isStream: Bool) throws {
        var document = Document(source: .text("Green."), name: nil)
        document.identifier = "mine"
        let turn = Turn(role: .user, parts: [Part(.document(document), path: "")], path: "")
        var citation = Citation(url: nil, title: "t", dialect: .anthropic, raw: RawJSON("{}"))
        citation.document = 0
        let (body, _) = write(
            [.citation(part: 0, citation), .text(part: 0, "It is 🫖."), .stop(.complete)],
            isStream: isStream,
            call: Call(turns: [turn])
        )
        let text = String(decoding: body, as: UTF8.self)
        #expect(text.contains(#""start":0,"end":8,"text":"It is 🫖.","sources":[{"type":"document","id":"mine""#))
    }

    @Test func `what the protocol has no place for is named once`() {
        let (_, dropped) = write(
            [
                .text(part: 0, "a"), .signature(part: 0, "s"), .signature(part: 0, "s"),
                .redactedThinking(part: 1, "r"), .audio(part: 2, "YQ=="), .stop(.refusal), .choice(1),
                .text(part: 3, "b"),
            ],
            isStream: true
        )
        #expect(
            dropped == [
                "answer.signature", "answer.redacted_thinking", "answer.audio", "answer.stop_reason", "answer.choices",
            ]
        )
    }

    @Test(arguments: [true, false]) func `a failure is told in Cohere's words`(isStream: Bool) throws {
        let (body, _) = write(
            [.text(part: 0, "a"), .failure(GatewayError(.upstreamInterrupted, "It broke."))],
            isStream: isStream
        )
        let text = String(decoding: body, as: UTF8.self)
        #expect(text.contains("It broke.") && text.contains(#""finish_reason":"ERROR""#) == isStream)
        #expect(!text.contains("[DONE]"))
    }
}
