internal import SiraCore
internal import SiraJSON
package import SiraWire

/// A thing that a ``RandomAnswer`` may hold.
package enum AnswerFeature: Sendable, CaseIterable {
    case thinking, signatures, redactedThinking, refusals, toolCalls, callSignatures, choices, usage
}

/// Makes answers, as the events of a stream, that are the same for the same seed.
///
/// An answer thinks, then speaks, then calls tools; each in pieces, none of them empty.
package struct RandomAnswer {
    /// What answers may hold; each is in some answers only.
    package let features: Set<AnswerFeature>
    private var random: SeededRandom
    private var part = 0

    package init(seed: UInt64, features: Set<AnswerFeature>) {
        random = SeededRandom(seed: seed)
        self.features = features
    }

    /// The next answer.
    package mutating func next() -> [AnswerEvent] {
        part = 0
        var events: [AnswerEvent] = [.start(AnswerStart(serviceTier: nil))]
        for number in 0..<(uses(.choices) ? 2 : 1) {
            if number > 0 { events.append(.choice(number)) }
            events += choice()
        }
        guard features.contains(.usage) else { return events }
        let (input, output) = (Int.random(in: 1...999, using: &random), Int.random(in: 1...999, using: &random))
        // Most protocols give their figures before the word that ends an answer, or after it: the order says nothing.
        return events + [.usage(ReportedUsage(Usage(input: input, output: output)))]
    }

    private mutating func choice() -> [AnswerEvent] {
        var events: [AnswerEvent] = []
        if uses(.thinking) {
            events += pieces { .thinking(part: $0, $1) }
            if features.contains(.signatures) { events.append(.signature(part: part, "c2ln\(part)")) }
            part += 1
        }
        if uses(.redactedThinking) {
            events.append(.redactedThinking(part: part, "ZGF0YQ\(part)"))
            part += 1
        }
        if uses(.refusals) {
            events += pieces { .refusal(part: $0, $1) }
            part += 1
            return events + [.stop(.refusal)]
        }
        events += pieces { .text(part: $0, $1) }
        part += 1
        guard features.contains(.toolCalls) else { return events + [.stop(.complete)] }
        let calls = Int.random(in: 0...2, using: &random)
        for _ in 0..<calls { events += call() }
        let ends: [StopReason] = [.complete, .outputLimit]
        return events + [.stop(calls > 0 ? .toolCalls : ends.randomElement(using: &random) ?? .complete)]
    }

    private mutating func call() -> [AnswerEvent] {
        defer { part += 1 }
        var events: [AnswerEvent] = [.toolCall(part: part, id: "call_\(part)", name: "tool_\(part)")]
        if uses(.callSignatures) { events.append(.signature(part: part, "c2ln\(part)")) }
        for piece in [#"{"of":["#, #""\u00e4","🫖""#, "],", #""n":1.5}"#] {
            events.append(.toolArguments(part: part, piece))
        }
        return events
    }

    private mutating func pieces(_ make: (Int, String) -> AnswerEvent) -> [AnswerEvent] {
        let some = ["tea ", "\"quoted\" ", "a\\b ", "línea ", "日本", "🫖 ", "\n", "</s>"]
        return (0..<Int.random(in: 1...4, using: &random)).map { _ in
            make(part, some.randomElement(using: &random) ?? "")
        }
    }

    private mutating func uses(_ feature: AnswerFeature) -> Bool {
        features.contains(feature) && Bool.random(using: &random)
    }
}
