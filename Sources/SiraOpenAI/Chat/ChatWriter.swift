internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Writes chat completions: chunks as the events come, or one answer at their end.
struct ChatWriter: AnswerWriter {
    private let request: AnswerRequest
    private let shape: ChatShape
    /// The answers, by their number; usually one.
    private var choices: [Int: Choice]
    private var current = 0
    private var tier: Call.ServiceTier?
    private var usage: Usage?
    private var failure: GatewayError?

    private struct Choice {
        var message: ChatMessage
        var finish: String?
    }

    init(_ request: AnswerRequest) {
        self.request = request
        shape = ChatShape(request)
        choices = [0: Choice(message: ChatMessage(request.request, created: request.createdAt.seconds))]
    }

    mutating func write(_ event: AnswerEvent, into output: inout [UInt8]) {
        guard failure == nil else { return }
        switch event {
        case .usage(let figures):
            usage = figures.usage
        case .failure(let error):
            failure = error
            if request.isStream {
                output += OpenAIDialect().errorEvent(error, request: request.request)
            }
        case .start(let start):
            tier = start.serviceTier
            add(event, &output)
        case .choice(let number):
            current = number
            guard choices[number] == nil else { return }
            let message = ChatMessage(request.request, choice: number, created: request.createdAt.seconds)
            choices[number] = Choice(message: message)
            add(event, &output)
        case .stop(let reason): stop(reason, &output)
        case .logprobs(let part, let tokens):
            guard request.isStream else {
                choices[current]?.message.keep(tokens, of: part)
                return
            }
            guard let message = choices[current]?.message else { return }
            shape.appendChunk(
                Array("{}".utf8),
                current,
                logprobs: message.logprobs(tokens, of: part),
                tier,
                to: &output
            )
        default:
            add(event, &output)
        }
    }

    private mutating func add(_ event: AnswerEvent, _ output: inout [UInt8]) {
        let delta = choices[current]?.message.take(event, gathers: !request.isStream)
        if request.isStream, let delta { shape.appendChunk(delta, current, tier, to: &output) }
    }

    private mutating func stop(_ reason: StopReason, _ output: inout [UInt8]) {
        guard var choice = choices[current], choice.finish == nil else { return }
        let rest = choice.message.close()
        let word = Self.finishReason(reason)
        choice.finish = word
        choices[current] = choice
        guard request.isStream else { return }
        if let rest { shape.appendChunk(rest, current, tier, to: &output) }
        shape.appendFinish(word, current, tier, to: &output)
    }

    mutating func finish(into output: inout [UInt8]) {
        switch (request.isStream, failure) {
        case (true, nil):
            // Figures that the provider did not give are left out: zeros would be taken for the truth.
            if request.asksForUsage, let usage { shape.appendUsageChunk(usage, to: &output) }
            output += "data: [DONE]\n\n".utf8
        case (true, .some):
            break
        case (false, nil):
            let answers = choices.sorted { $0.key < $1.key }.map { number, choice in
                ChatShape.Answer(index: number, message: choice.message, finish: choice.finish ?? "stop")
            }
            shape.appendAnswers(answers, tier, usage: usage, to: &output)
        case (false, .some(let error)):
            output += OpenAIDialect().errorBody(error, request: request.request)
        }
    }

    private static func finishReason(_ reason: StopReason) -> String {
        switch reason {
        case .complete, .stopString, .paused: "stop"
        case .outputLimit, .contextLimit: "length"
        case .toolCalls: "tool_calls"
        case .refusal: "content_filter"
        }
    }
}
