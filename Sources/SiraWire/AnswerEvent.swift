package import SiraCore
package import SiraJSON

/// A step of an answer, in no protocol.
///
/// A whole answer is the same steps at once.
///
/// Steps that carry content say which part of the answer they belong to. Parts are numbered in their order; a new
/// number begins a new part, and ends the one before unless that one goes on later.
package enum AnswerEvent: Sendable {
    /// Comes first.
    case start(AnswerStart)
    case text(part: Int, String)
    /// The model's words where it declines to answer.
    case refusal(part: Int, String)
    case thinking(part: Int, String)
    /// The proof that ends a part of thinking.
    case thinkingSignature(part: Int, String)
    case redactedThinking(part: Int, String)
    /// The model wants a tool used. The id is empty where the provider gave none: the writer makes one then, which no
    /// other answer of the conversation has.
    case toolCall(part: Int, id: String, name: String)
    /// A piece of the arguments, which are JSON once they are together.
    case toolArguments(part: Int, String)
    /// Where the text of the part comes from.
    case citation(part: Int, Citation)
    /// A piece of spoken answer, in base64.
    case audio(part: Int, String)
    /// A block that only one protocol has, as it is written there.
    case native(part: Int, WireProtocol, RawJSON)
    /// The figures so far; each replaces the one before.
    case usage(ReportedUsage)
    case stop(StopReason)
    /// Comes last, instead of a stop or after it.
    case failure(GatewayError)
}

/// What is known when an answer begins.
package struct AnswerStart: Sendable {
    /// The tier that the provider says it has served.
    package var serviceTier: Call.ServiceTier?

    package init(serviceTier: Call.ServiceTier?) {
        self.serviceTier = serviceTier
    }
}

/// Where a piece of an answer comes from.
package struct Citation: Sendable {
    /// The page, when it is one.
    package var url: String?
    package var title: String?
    /// The citation as its provider wrote it.
    package var raw: RawJSON

    package init(url: String?, title: String?, raw: RawJSON) {
        self.url = url
        self.title = title
        self.raw = raw
    }
}

/// Why an answer ended.
package enum StopReason: Hashable, Sendable {
    /// The model had said what it wanted to say.
    case complete
    /// The client's or the provider's limit of the answer's length.
    case outputLimit
    /// Prompt and answer together filled the model's context.
    case contextLimit
    /// The model wrote one of the client's stop strings.
    case stopString(String?)
    /// The model waits for the results of tools.
    case toolCalls
    /// The model or its guard declined.
    case refusal
    /// A long turn was interrupted, to be sent back and gone on with.
    case paused
}

extension AnswerEvent {
    /// Whether the event carries a part of the answer.
    ///
    /// The first of these commits the attempt.
    package var isContent: Bool {
        switch self {
        case .start, .usage, .stop, .failure: false
        default: true
        }
    }
}
