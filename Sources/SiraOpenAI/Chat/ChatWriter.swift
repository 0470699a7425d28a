internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Writes chat completions: chunks as the events come, or one answer at their end.
struct ChatWriter: AnswerWriter {
    private let request: AnswerRequest
    private let shape: ChatShape
    private var message: ChatMessage
    private var usage: Usage?
    private var finish: String?
    private var failure: GatewayError?

    init(_ request: AnswerRequest) {
        self.request = request
        shape = ChatShape(request)
        message = ChatMessage(request.request)
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
        case .stop(let reason):
            guard finish == nil else { return }
            let rest = message.close()
            let word = Self.finishReason(reason)
            finish = word
            guard request.isStream else { return }
            if let rest { shape.appendChunk(rest, message.serviceTier, to: &output) }
            shape.appendFinish(word, message.serviceTier, to: &output)
        default:
            let delta = message.take(event, gathers: !request.isStream)
            if request.isStream, let delta { shape.appendChunk(delta, message.serviceTier, to: &output) }
        }
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
            shape.appendAnswer(message, finish: finish ?? "stop", usage: usage, to: &output)
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
