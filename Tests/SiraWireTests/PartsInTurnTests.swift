import SiraCore
import SiraTesting
import SiraWire
import Testing

@Suite struct PartsInTurnTests {
    /// The events in the order in which a writer gets them.
    private func ordered(_ events: [AnswerEvent]) -> [AnswerEvent] {
        var (parts, output) = (PartsInTurn(), [AnswerEvent]())
        for event in events {
            if let event = parts.take(event) { output.append(event) }
            output += parts.released()
        }
        return output + parts.rest()
    }

    private func call(_ part: Int) -> AnswerEvent { .toolCall(part: part, id: "\(part)", name: "f\(part)") }

    private func code(_ events: [AnswerEvent]) -> ErrorCode? {
        for case .failure(let error) in events { return error.code }
        return nil
    }

    @Test func `an answer whose parts come one after another passes at once`() {
        var parts = PartsInTurn()
        let events: [AnswerEvent] = [
            .thinking(part: 0, "hm"), .text(part: 1, "a"), call(2), .toolArguments(part: 2, #"{"a":"}"#),
            .toolArguments(part: 2, #"\""}"#), call(3), .toolArguments(part: 3, "[]"), .text(part: 4, "b"),
            .stop(.toolCalls),
        ]
        for event in events {
            #expect(parts.take(event) != nil)
            #expect(parts.released().isEmpty)
        }
    }

    @Test func `what comes between the pieces of a call waits for its end`() {
        var parts = PartsInTurn()
        #expect(parts.take(call(0)) != nil)
        #expect(parts.take(call(1)) == nil && parts.take(.text(part: 2, "x")) == nil)
        #expect(parts.take(.toolArguments(part: 1, #"{"b":"#)) == nil && parts.released().isEmpty)
        #expect(parts.take(.toolArguments(part: 0, "{}")) != nil)
        // The second call is not whole yet, so that the text still waits.
        #expect(parts.released().map(\.part) == [1, 1])
        #expect(parts.take(.toolArguments(part: 1, "2}")) != nil)
        #expect(parts.released().map(\.part) == [2])
    }

    @Test func `calls without arguments end with the answer`() {
        let lines = ordered([call(0), call(1), call(2), .toolArguments(part: 2, "{}"), .stop(.toolCalls)])
        #expect(lines.compactMap(\.part) == [0, 1, 2, 2])
    }

    @Test func `white space after a call's end says nothing, and more is a failure`() {
        let two: [AnswerEvent] = [call(0), .toolArguments(part: 0, "{}"), call(1), .toolArguments(part: 1, "{}")]
        #expect(ordered(two + [.toolArguments(part: 0, " \n")]).count == 4)
        #expect(code(ordered(two + [.toolArguments(part: 0, "{}")])) == .upstreamProtocol)
        #expect(ordered(two + [.signature(part: 0, "s")]).count == 5)
    }

    @Test func `what waits is bounded`() {
        let piece = AnswerEvent.text(part: 1, String(repeating: "x", count: 1_000))
        let few = [call(0)] + [AnswerEvent](repeating: piece, count: 900)
        #expect(code(ordered(few)) == nil)
        #expect(code(ordered(few + [AnswerEvent](repeating: piece, count: 200))) == .upstreamProtocol)
        let tiny = [AnswerEvent](repeating: .text(part: 1, ""), count: 20_000)
        #expect(code(ordered([call(0)] + tiny)) == .upstreamProtocol)
    }

    @Test func `calls that come by turns leave one after another, and whole`() {
        var random = SeededRandom(seed: 3)
        for _ in 0..<200 {
            let streams = InterleavedCalls(using: &random)
            let events = ordered(streams.events)
            #expect(events.folded.sorted() == streams.events.folded.sorted())
            var seen: [Int] = []
            for part in events.compactMap(\.part) where seen.last != part {
                // Only texts are taken up again.
                #expect(!seen.contains(part) || part >= InterleavedCalls.firstText)
                seen.append(part)
            }
        }
    }
}
