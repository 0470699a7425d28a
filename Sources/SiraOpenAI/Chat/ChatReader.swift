internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Reads a provider's chat completion, streamed or whole, as events.
///
/// Only the first choice is read: one was asked for.
struct ChatReader: AnswerReader {
    private enum Kind { case text, refusal, thinking }

    private let isStream: Bool
    private let costField: String?
    private var hasStarted = false
    private var hasChoice = false
    private var stop: StopReason?
    private(set) var isOver = false
    private var parts = 0
    private var open: (kind: Kind, part: Int)?
    /// The part of each call of a tool, by OpenAI's number.
    private var calls: [Int: Int] = [:]

    init(isStream: Bool, costField: String?) {
        self.isStream = isStream
        self.costField = costField
    }

    mutating func read(
        _ block: UnsafeRawBufferPointer,
        indexer: JSONIndexer,
        into events: inout [AnswerEvent]
    ) throws(GatewayError) {
        guard !isOver else { return }
        do {
            if !isStream {
                try indexer.read(block, limits: .answer) { take($0, &events) }
            } else if let data = SSEEvent.singleData(in: block) {
                if data.equals("[DONE]") { return end(&events) }
                try indexer.read(data, limits: .answer) { take($0, &events) }
            } else if let data = SSEEvent(block: block).data {
                try indexer.read(data, limits: .answer) { take($0, &events) }
            }
        } catch {
            isOver = true
            throw GatewayError(.upstreamProtocol, "The provider's answer cannot be read: \(error).")
        }
    }

    mutating func finish(into events: inout [AnswerEvent]) {
        guard !isOver else { return }
        // Some servers leave out the mark of the end; the reason to stop says as much, and a whole answer is whole.
        if stop != nil || (!isStream && hasChoice) { return end(&events) }
        isOver = true
        events.append(
            .failure(GatewayError(.upstreamInterrupted, "The provider's answer broke off before its end."))
        )
    }

    private mutating func end(_ events: inout [AnswerEvent]) {
        isOver = true
        var stop = stop ?? .complete
        // Some servers call it a plain stop when the model waits for its tools.
        if stop == .complete, !calls.isEmpty { stop = .toolCalls }
        events.append(.stop(stop))
    }

    private mutating func take(_ json: JSONValue, _ events: inout [AnswerEvent]) {
        if let error = isStream ? OpenAIError(event: json) : OpenAIError(whole: json) {
            isOver = true
            return events.append(.failure(error.inStream))
        }
        if !hasStarted {
            hasStarted = true
            let tier = json["service_tier"]?.string.flatMap {
                $0 == "default" ? .standard : Call.ServiceTier(rawValue: $0)
            }
            events.append(.start(AnswerStart(serviceTier: tier)))
        }
        let choice = json["choices"]?.elements.first { _ in true }
        if choice != nil { hasChoice = true }
        if let message = choice?.present("delta") ?? choice?.present("message") { takeMessage(message, &events) }
        if let reason = choice?.present("finish_reason")?.string { stop = Self.reason(reason) }
        let figures = json.present("usage") ?? choice?.present("usage") ?? json["x_groq"]?.present("usage")
        if let usage = figures.flatMap({ ReportedUsage(openAI: $0, of: .chat, costField: costField) }) {
            events.append(.usage(usage))
        }
    }

    private mutating func takeMessage(_ message: JSONValue, _ events: inout [AnswerEvent]) {
        if let text = Self.text(message.present("reasoning_content") ?? message.present("reasoning")) {
            events.append(.thinking(part: part(.thinking), text))
        }
        if let content = message.present("content") { takeContent(content, &events) }
        if let text = Self.text(message["refusal"]) { events.append(.refusal(part: part(.refusal), text)) }
        guard let tools = message.present("tool_calls") else { return }
        for (position, tool) in tools.elements.enumerated() {
            takeCall(tool, tool["index"]?.integer.flatMap(Int.init(exactly:)) ?? position, &events)
        }
    }

    /// Takes a message's content: a string, or parts as Mistral's reasoning models send them.
    private mutating func takeContent(_ content: JSONValue, _ events: inout [AnswerEvent]) {
        if let text = Self.text(content) { events.append(.text(part: part(.text), text)) }
        for piece in content.elements {
            if let text = Self.text(piece) {
                events.append(.text(part: part(.text), text))
                continue
            }
            switch piece["type"]?.string {
            case "thinking":
                let text = piece["thinking"]?.joinedTexts ?? ""
                if !text.isEmpty { events.append(.thinking(part: part(.thinking), text)) }
            case "text", "output_text":
                if let text = Self.text(piece["text"]) { events.append(.text(part: part(.text), text)) }
            case "refusal":
                if let text = Self.text(piece["refusal"]) { events.append(.refusal(part: part(.refusal), text)) }
            default:
                events.append(.native(part: parts, .openai, piece.rawJSON))
                parts += 1
                open = nil
            }
        }
    }

    private mutating func takeCall(_ tool: JSONValue, _ index: Int, _ events: inout [AnswerEvent]) {
        let function = tool["function"]
        let part: Int
        if let known = calls[index] {
            part = known
        } else {
            part = parts
            parts += 1
            open = nil
            calls[index] = part
            let id = tool["id"]?.string ?? ""
            events.append(.toolCall(part: part, id: id, name: function?["name"]?.string ?? ""))
        }
        if let piece = Self.text(function?["arguments"]) { events.append(.toolArguments(part: part, piece)) }
    }

    /// The part that goes on, or a new one where the kind has changed.
    private mutating func part(_ kind: Kind) -> Int {
        if let open, open.kind == kind { return open.part }
        let part = parts
        parts += 1
        open = (kind, part)
        return part
    }

    private static func text(_ json: JSONValue?) -> String? {
        json?.string.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func reason(_ word: String) -> StopReason {
        switch word {
        case "length": .outputLimit
        case "tool_calls", "function_call": .toolCalls
        case "content_filter": .refusal
        default: .complete
        }
    }
}

extension JSONValue {
    /// The text of a string, or of a list of parts of type text.
    var joinedTexts: String {
        string ?? elements.map { $0.string ?? $0["text"]?.string ?? "" }.joined()
    }
}
