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
    /// What follows belongs to the answer of this number, of several that were asked for.
    ///
    /// Counted from 0, which is where an answer begins. Parts are numbered over all of them.
    case choice(Int)
    case text(part: Int, String)
    /// The model's words where it declines to answer.
    case refusal(part: Int, String)
    case thinking(part: Int, String)
    /// The proof that ends a part of thinking; Gemini gives one with calls of tools, and with text, as well.
    case signature(part: Int, String)
    case redactedThinking(part: Int, String)
    /// The model wants a tool used. The id is empty where the provider gave none: the writer makes one then, which no
    /// other answer of the conversation has.
    case toolCall(part: Int, id: String, name: String)
    /// A piece of the arguments, which are JSON once they are together.
    case toolArguments(part: Int, String)
    /// Where the text of the part comes from.
    case citation(part: Int, Citation)
    /// How likely the tokens of the part's last text were, and which others there could have been.
    case logprobs(part: Int, [TokenLogprob])
    /// A piece of spoken answer, in base64.
    case audio(part: Int, String)
    /// The words of a spoken answer.
    case transcript(part: Int, String)
    /// A picture, or another thing that is no text, which the model made.
    case media(part: Int, Media)
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
    /// The provider's own name for the answer; nil when it gave none.
    package var identifier: String?

    package init(serviceTier: Call.ServiceTier?, identifier: String? = nil) {
        self.serviceTier = serviceTier
        self.identifier = identifier
    }
}

/// Where a piece of an answer comes from.
package struct Citation: Sendable {
    /// The page, when it is one.
    package var url: String?
    package var title: String?
    /// The words of the source that are drawn on.
    package var quote: String?
    /// Which of the request's documents it is, counted from 0 over all turns; nil when it is none or is not said.
    package var document: Int?
    /// Which Unicode scalars of the part's text draw on it; nil for those since the part's last citation.
    package var range: Range<Int>?
    /// The protocol in which `raw` is written.
    package var dialect: WireProtocol
    /// The citation as its provider wrote it.
    package var raw: RawJSON

    package init(url: String?, title: String?, dialect: WireProtocol, raw: RawJSON) {
        self.url = url
        self.title = title
        self.dialect = dialect
        self.raw = raw
    }
}

extension Citation {
    /// A provider's range, when it is one that a text can have: sums of such places cannot overflow.
    package static func range(from start: Int64?, to end: Int64?) -> Range<Int>? {
        guard let start, let end, start >= 0, start <= end, end <= 1 << 40 else { return nil }
        return Int(start)..<Int(end)
    }
}

/// How likely a token was where it stands.
package struct TokenLogprob: Hashable, Sendable {
    package var token: String
    /// The natural logarithm of its probability.
    package var logprob: Double
    /// The token's bytes in UTF-8, of which it may hold a part of a character; nil when they are not told.
    package var bytes: [UInt8]?
    /// Others that there could have been, the likeliest first.
    package var alternatives: [TokenLogprob]

    package init(token: String, logprob: Double, bytes: [UInt8]? = nil, alternatives: [TokenLogprob] = []) {
        self.token = token
        self.logprob = logprob
        self.bytes = bytes
        self.alternatives = alternatives
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
        case .start, .choice, .usage, .stop, .failure: false
        default: true
        }
    }
}
