import SiraCore
import SiraJSON
import SiraWire

/// Something that an answer may hold, and how it is told that it has arrived.
struct AnswerSample: Sendable {
    let name: String
    let events: [AnswerEvent]
    /// What shows in an answer that it is there: each group by any one of its texts, looked for without white space.
    let marks: [[String]]
    /// What the client has asked for.
    let call: Call
    /// Whether it is a figure of what was used, which the ledger holds whatever the client is told.
    private(set) var isFigure = false
    /// Whether it may be told in part, which the document says.
    private(set) var mayBePartial = false

    /// The same, of which a part may be left out without a word.
    private var partial: AnswerSample {
        var sample = self
        sample.mayBePartial = true
        return sample
    }

    init(_ name: String, _ marks: [[String]], events: [AnswerEvent], call: (inout Call) -> Void = { _ in }) {
        self.name = name
        self.marks = marks
        self.events = events
        var asked = RequestFeature.question
        call(&asked)
        self.call = asked
    }

    func isIn(_ body: [UInt8]) -> Bool {
        var text = String(decoding: body.filter { $0 > 0x20 }, as: UTF8.self)
        // Converse has what only the provider can read as bytes.
        for blob in text.split(separator: "\"redactedContent\":\"").dropFirst().compactMap({
            $0.split(separator: "\"").first
        }) {
            text += Base64.decoded(blob.utf8).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        return marks.allSatisfy { group in group.contains { text.contains($0) } }
    }

    /// The answer as a provider or a client of the dialect has it; nil when its protocol has no such answer.
    ///
    /// - Returns: the body, and what the writer says that it has left out.
    func body(
        of dialect: any Dialect,
        isStream: Bool,
        _ events: [AnswerEvent]? = nil
    )
        -> (bytes: [UInt8], dropped: [String])?
    {
        if dialect.name == .ollama { return (OllamaAnswer(events ?? self.events).body(isStream: isStream), []) }
        guard let client = dialect.client else { return nil }
        var writer = client.makeWriter(
            for: AnswerRequest(
                request: RequestID(high: 1, low: 2),
                model: "model",
                isStream: isStream,
                asksForUsage: true,
                createdAt: Timestamp(microseconds: 1_000_000),
                call: call
            )
        )
        var body: [UInt8] = []
        for event in events ?? self.events { writer.write(event, into: &body) }
        writer.finish(into: &body)
        return (body, writer.dropped)
    }
}

extension AnswerSample {
    static let all = said + thoughts + ends + figures

    private static func answer(_ events: AnswerEvent...) -> [AnswerEvent] {
        [.start(AnswerStart(serviceTier: nil))] + events + [.usage(ReportedUsage(Usage(input: 5, output: 7)))]
    }

    private static let said: [AnswerSample] = [
        AnswerSample(
            "text",
            [["One"], ["two"]],
            events: answer(.text(part: 0, "One"), .text(part: 0, "two"), .stop(.complete))
        ),
        AnswerSample(
            "refusal",
            [["Iwillnot."]],
            events: answer(.refusal(part: 0, "I will not."), .stop(.refusal))
        ),
        AnswerSample(
            "call of a tool",
            [["get_weather"], ["Ulm"]],
            events: answer(
                .toolCall(part: 0, id: "call_1", name: "get_weather"),
                .toolArguments(part: 0, #"{"city":"#),
                .toolArguments(part: 0, #""Ulm"}"#),
                .stop(.toolCalls)
            )
        ),
        AnswerSample(
            "parallel calls",
            [["get_weather"], ["get_time"], ["Ulm"], ["Rome"]],
            events: answer(
                .text(part: 0, "I ask."),
                .toolCall(part: 1, id: "call_1", name: "get_weather"),
                .toolArguments(part: 1, #"{"city":"Ulm"}"#),
                .toolCall(part: 2, id: "call_2", name: "get_time"),
                .toolArguments(part: 2, #"{"city":"Rome"}"#),
                .stop(.toolCalls)
            )
        ),
        AnswerSample(
            "citation of a page",
            [["pages.test/a"]],
            events: answer(.text(part: 0, "It is so."), .citation(part: 0, page), .stop(.complete))
        ),
        AnswerSample(
            "likelihoods",
            [["-0.125"]],
            events: answer(
                .text(part: 0, "One"),
                .logprobs(part: 0, [TokenLogprob(token: "One", logprob: -0.125, bytes: Array("One".utf8))]),
                .stop(.complete)
            ),
            call: { $0.logprobs = LogprobsWish(alternatives: 0) }
        ),
        AnswerSample(
            "several answers",
            [["Thefirst."], ["Thesecond."]],
            events: [
                .start(AnswerStart(serviceTier: nil)), .text(part: 0, "The first."), .stop(.complete), .choice(1),
                .text(part: 1, "The second."), .stop(.complete),
                .usage(ReportedUsage(Usage(input: 5, output: 7))),
            ],
            call: { $0.sampling.answers = 2 }
        ),
        AnswerSample(
            "picture",
            [["aW1hZ2U="]],
            events: answer(.media(part: 0, .base64(type: "image/png", data: "aW1hZ2U=")), .stop(.complete))
        ),
        AnswerSample(
            "speech",
            [["YXVkaW8="]],
            events: answer(.audio(part: 0, "YXVkaW8="), .transcript(part: 0, "Hello."), .stop(.complete)),
            call: { $0.outputModalities = ["text", "audio"] }
        ),
    ]

    private static var page: Citation {
        Citation(
            url: "https://pages.test/a",
            title: "A",
            dialect: .anthropic,
            raw: RawJSON(
                #"{"type":"web_search_result_location","url":"https://pages.test/a","title":"A","encrypted_index":"e","cited_text":"so"}"#
            )
        )
    }

    private static let thoughts: [AnswerSample] = [
        AnswerSample(
            "thought",
            [["Ithink."], ["Iam."]],
            events: answer(.thinking(part: 0, "I think."), .text(part: 1, "I am."), .stop(.complete)),
            call: { $0.reasoning.display = "summarized" }
        ),
        AnswerSample(
            "thought with its proof",
            [["Ithink."], ["c2lnbmF0dXJl"]],
            events: answer(
                .thinking(part: 0, "I think."),
                .signature(part: 0, "c2lnbmF0dXJl"),
                .text(part: 1, "I am."),
                .stop(.complete)
            ),
            call: { $0.reasoning.display = "summarized" }
        ),
        AnswerSample(
            "thought, redacted",
            [["cmVkYWN0ZWQ="]],
            events: answer(.redactedThinking(part: 0, "cmVkYWN0ZWQ="), .text(part: 1, "I am."), .stop(.complete))
        ),
        AnswerSample(
            "proof of a call",
            [["Y2FsbA=="]],
            events: answer(
                .toolCall(part: 0, id: "call_1", name: "get_weather"),
                .toolArguments(part: 0, "{}"),
                .signature(part: 0, "Y2FsbA=="),
                .stop(.toolCalls)
            )
        ),
    ]

    private static let ends: [AnswerSample] = [
        AnswerSample(
            "end at the limit",
            [["\"length\"", "max_tokens", "max_output_tokens", "MAX_TOKENS"]],
            events: answer(.text(part: 0, "One"), .stop(.outputLimit))
        ),
        AnswerSample(
            "end by refusal",
            [
                [
                    "content_filter", "refusal", "SAFETY", "content_filtered", "guardrail_intervened",
                    "PROHIBITED_CONTENT",
                ]
            ],
            events: answer(.text(part: 0, "One"), .stop(.refusal))
        ),
        AnswerSample(
            "end at a stop string",
            [["STOPHERE"]],
            events: answer(.text(part: 0, "One"), .stop(.stopString("STOPHERE")))
        ).partial,
    ]

    private static let figures: [AnswerSample] = [
        figure("tokens", ["4321"], ["1234"]) { ($0.input, $0.output) = (4_321, 1_234) },
        figure("tokens from the cache", ["3210"]) { ($0.input, $0.cacheRead) = (4_321, 3_210) },
        figure("tokens into the cache, 5 minutes", ["2109"]) { ($0.input, $0.cacheWrite) = (4_321, 2_109) },
        figure("tokens into the cache, 1 hour", ["1098"], ["1h", "1H", "one_hour", "long"]) {
            ($0.input, $0.cacheWriteLong) = (4_321, 1_098)
        },
        figure("tokens of thought", ["987"]) { ($0.output, $0.reasoning) = (1_234, 987) },
        figure("tokens of audio", ["765"], ["654"]) {
            ($0.input, $0.inputAudio, $0.output, $0.outputAudio) = (4_321, 765, 1_234, 654)
        },
        figure("tokens of pictures", ["543"], ["432"]) {
            ($0.input, $0.inputImage, $0.output, $0.outputImage) = (4_321, 543, 1_234, 432)
        },
        figure("tokens that tools brought in", ["321"]) { ($0.input, $0.toolPrompt) = (4_000, 321) },
        AnswerSample(
            "service tier",
            [["priority", "PRIORITY"]],
            events: [
                .start(AnswerStart(serviceTier: .priority)), .text(part: 0, "One"), .stop(.complete),
                .usage(ReportedUsage(Usage(input: 5, output: 7))),
            ]
        ).partial,
    ]

    private static func figure(_ name: String, _ marks: [String]..., set: (inout Usage) -> Void) -> AnswerSample {
        var usage = Usage()
        set(&usage)
        var sample = AnswerSample(
            name,
            marks,
            events: [
                .start(AnswerStart(serviceTier: nil)), .text(part: 0, "One"), .stop(.complete),
                .usage(ReportedUsage(usage)),
            ]
        )
        sample.isFigure = true
        return sample
    }
}
