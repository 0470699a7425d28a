internal import SiraCore
internal import SiraJSON

/// Brings the parts of a streamed answer one after another, for protocols whose blocks do not overlap.
///
/// Some providers stream the arguments of several calls by turns, or text between them. A call stays open until its
/// arguments are one whole JSON value; what belongs to other parts waits for that, part by part, in the order in which
/// they began. A call of which nothing has come has no arguments once text follows; another call may be announced before
/// its arguments come. An answer whose parts come one after another already passes at once.
///
/// A writer asks ``take(_:)`` for each event of content, then ``released()``; at the answer's end ``rest()``.
package struct PartsInTurn: Sendable {
    /// The most that waits, in bytes; no model's calls are as long.
    private static let mostHeld = 1 << 20
    /// What an event is counted for beside its text.
    private static let eventCost = 64

    private var open: OpenCall?
    /// Calls that are over, by their parts.
    private var closed: Set<Int> = []
    private var held: [Int: [AnswerEvent]] = [:]
    /// The parts that wait, in the order in which they began.
    private var waiting: [Int] = []
    private var heldBytes = 0

    package init() {}

    /// The event, if its turn has come; a failure in its place, if it can have no turn any more; nil, if it waits.
    package mutating func take(_ event: AnswerEvent) -> AnswerEvent? {
        guard let part = event.part else { return event }
        if closed.contains(part) { return late(event) }
        if let open, open.part != part {
            guard open.isWhole || (!open.hasBegun && !event.isOfCall) else { return hold(event, part) }
            close()
        }
        return pass(event, part)
    }

    /// What has waited, and has its turn now.
    package mutating func released() -> [AnswerEvent] {
        guard !waiting.isEmpty, open?.isWhole != false else { return [] }
        var events: [AnswerEvent] = []
        while !waiting.isEmpty, open?.isWhole != false { releaseNext(&events) }
        return events
    }

    /// All that still waits, at the answer's end.
    package mutating func rest() -> [AnswerEvent] {
        var events: [AnswerEvent] = []
        while !waiting.isEmpty { releaseNext(&events) }
        return events
    }

    private mutating func releaseNext(_ events: inout [AnswerEvent]) {
        let part = waiting.removeFirst()
        close()
        for event in held.removeValue(forKey: part) ?? [] {
            heldBytes -= event.length + Self.eventCost
            events.append(pass(event, part))
        }
    }

    private mutating func hold(_ event: AnswerEvent, _ part: Int) -> AnswerEvent? {
        heldBytes += event.length + Self.eventCost
        guard heldBytes <= Self.mostHeld else {
            return .failure(
                GatewayError(
                    .upstreamProtocol,
                    "The provider sends several calls of tools at once, at more length than can be kept in order."
                )
            )
        }
        if held[part] == nil { waiting.append(part) }
        held[part, default: []].append(event)
        return nil
    }

    private mutating func close() {
        if let open { closed.insert(open.part) }
        open = nil
    }

    private mutating func pass(_ event: AnswerEvent, _ part: Int) -> AnswerEvent {
        switch event {
        case .toolCall: open = OpenCall(part: part)
        case .toolArguments(_, let piece):
            if open?.part == part { open?.take(piece) }
        default: break
        }
        return event
    }

    /// What comes for a call that is over: nothing can be added to it, but white space and what stands elsewhere.
    private func late(_ event: AnswerEvent) -> AnswerEvent? {
        switch event {
        case .toolArguments(_, let piece) where piece.allSatisfy(\.isWhitespace): nil
        case .toolArguments, .toolCall:
            .failure(GatewayError(.upstreamProtocol, "The provider went on with a call of a tool that was complete."))
        default: event
        }
    }
}

/// A call whose arguments are on their way.
///
/// They are whole when what was opened is closed. The shape within is not checked: that is the model's affair.
private struct OpenCall {
    let part: Int
    private var depth = 0
    private(set) var hasBegun = false
    private var isInString = false
    private var isEscaped = false

    init(part: Int) {
        self.part = part
    }

    var isWhole: Bool { hasBegun && depth == 0 }

    mutating func take(_ piece: String) {
        for byte in piece.utf8 {
            if isEscaped {
                isEscaped = false
            } else if isInString {
                switch byte {
                case UInt8(ascii: "\\"): isEscaped = true
                case UInt8(ascii: "\""): isInString = false
                default: break
                }
            } else {
                switch byte {
                case UInt8(ascii: "\""): isInString = true
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    depth += 1
                    hasBegun = true
                case UInt8(ascii: "}"), UInt8(ascii: "]"): depth = max(0, depth - 1)
                default: break
                }
            }
        }
    }
}

extension AnswerEvent {
    /// The part of the answer that the event belongs to; nil for events that carry none.
    package var part: Int? {
        switch self {
        case .text(let part, _), .refusal(let part, _), .thinking(let part, _), .signature(let part, _),
            .redactedThinking(let part, _), .toolCall(let part, _, _), .toolArguments(let part, _),
            .citation(let part, _), .logprobs(let part, _), .audio(let part, _), .transcript(let part, _),
            .media(let part, _), .native(let part, _, _):
            part
        case .start, .choice, .usage, .stop, .failure: nil
        }
    }

    /// Whether it belongs to a call of a tool.
    fileprivate var isOfCall: Bool {
        switch self {
        case .toolCall, .toolArguments: true
        default: false
        }
    }

    /// About how many bytes its content has.
    fileprivate var length: Int {
        switch self {
        case .text(_, let text), .refusal(_, let text), .thinking(_, let text), .signature(_, let text),
            .redactedThinking(_, let text), .toolArguments(_, let text), .audio(_, let text),
            .transcript(_, let text):
            text.utf8.count
        case .toolCall(_, let id, let name): id.utf8.count + name.utf8.count
        case .citation(_, let citation): citation.raw.bytes.count
        case .native(_, _, let block): block.bytes.count
        case .media(_, .base64(_, let data)): data.utf8.count
        case .media(_, .url(let text)), .media(_, .file(let text)): text.utf8.count
        case .logprobs(_, let tokens): tokens.reduce(0) { $0 + 128 * (1 + $1.alternatives.count) }
        case .start, .choice, .usage, .stop, .failure: 0
        }
    }
}
