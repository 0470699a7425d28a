internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Reads a provider's message, streamed or whole, as events.
///
/// Its content blocks are the answer's parts.
struct MessagesReader: AnswerReader {
    private let isStream: Bool
    private var figures = AnthropicUsage()
    private var blocks: [Int: OpenBlock] = [:]
    private var hasStarted = false
    private(set) var isOver = false

    init(isStream: Bool) {
        self.isStream = isStream
    }

    mutating func read(
        _ block: UnsafeRawBufferPointer,
        indexer: JSONIndexer,
        into events: inout [AnswerEvent]
    ) throws(GatewayError) {
        guard !isOver else { return }
        do {
            if isStream {
                _ = try SSEEvent.readData(of: block, indexer) { take($0, &events) }
            } else {
                try indexer.read(block, limits: .answer) { take($0, &events) }
            }
        } catch {
            isOver = true
            throw GatewayError(.upstreamProtocol, "The provider's answer cannot be read: \(error).")
        }
    }

    mutating func finish(into events: inout [AnswerEvent]) {
        guard !isOver else { return }
        isOver = true
        events.append(
            .failure(GatewayError(.upstreamInterrupted, "The provider's answer broke off before its end."))
        )
    }

    private mutating func take(_ json: JSONValue, _ events: inout [AnswerEvent]) {
        let index = json["index"]?.integer.flatMap(Int.init(exactly:)) ?? 0
        switch json["type"]?.string {
        case "content_block_delta":
            if let delta = json["delta"] { takeDelta(delta, index, &events) }
        case "content_block_start":
            if let block = json["content_block"] { open(block, index, &events) }
        case "content_block_stop":
            blocks.removeValue(forKey: index)?.close(index, &events)
        case "message_start":
            if let message = json["message"] { takeStart(message, &events) }
        case "message_delta":
            takeUsage(json, &events)
            if let delta = json["delta"] { takeStop(delta, &events) }
        case "message_stop":
            isOver = true
        case "message":
            takeWhole(json, &events)
        default:
            // Pings and events that the protocol may grow are passed over.
            guard let error = AnthropicError(insteadOfAnswer: json) else { return }
            isOver = true
            events.append(.failure(error.inStream))
        }
    }

    private mutating func takeWhole(_ message: JSONValue, _ events: inout [AnswerEvent]) {
        takeStart(message, &events)
        for (index, block) in (message["content"]?.elements ?? message.elements).enumerated() {
            open(block, index, &events)
            blocks.removeValue(forKey: index)?.close(index, &events)
        }
        takeStop(message, &events)
        isOver = true
    }

    private mutating func takeStart(_ message: JSONValue, _ events: inout [AnswerEvent]) {
        // Some servers open the same message twice.
        if !hasStarted { events.append(.start(Self.start(of: message))) }
        hasStarted = true
        takeUsage(message, &events)
    }

    private static func start(of message: JSONValue) -> AnswerStart {
        let tier: Call.ServiceTier? =
            switch message["usage"]?["service_tier"]?.string {
            case "standard": .standard
            case "priority": .priority
            default: nil
            }
        return AnswerStart(serviceTier: tier, identifier: message["id"]?.string)
    }

    private mutating func takeUsage(_ json: JSONValue, _ events: inout [AnswerEvent]) {
        guard let usage = json.present("usage") else { return }
        figures.take(usage)
        events.append(.usage(figures.reported))
    }

    private func takeStop(_ json: JSONValue, _ events: inout [AnswerEvent]) {
        let reason: StopReason
        switch json["stop_reason"]?.string {
        case nil: return
        case "max_tokens": reason = .outputLimit
        case "model_context_window_exceeded": reason = .contextLimit
        case "stop_sequence": reason = .stopString(json["stop_sequence"]?.string)
        case "tool_use": reason = .toolCalls
        case "refusal": reason = .refusal
        case "pause_turn": reason = .paused
        default: reason = .complete
        }
        events.append(.stop(reason))
    }

    private mutating func open(_ block: JSONValue, _ index: Int, _ events: inout [AnswerEvent]) {
        switch block["type"]?.string {
        case "text":
            blocks[index] = .plain
            appendText(block["text"], index, &events)
            for citation in block["citations"]?.elements ?? block.elements { cite(citation, index, &events) }
        case "thinking":
            blocks[index] = .plain
            if let text = block["thinking"]?.string, !text.isEmpty {
                events.append(.thinking(part: index, text))
            }
            if let signature = block["signature"]?.string, !signature.isEmpty {
                events.append(.signature(part: index, signature))
            }
        case "redacted_thinking":
            events.append(.redactedThinking(part: index, block["data"]?.string ?? ""))
        case "tool_use":
            events.append(
                .toolCall(part: index, id: block["id"]?.string ?? "", name: block["name"]?.string ?? "")
            )
            let input = block.present("input")
            let hasInput = input?.members.contains { _ in true } == true
            if let input, hasInput { events.append(.toolArguments(part: index, input.rawJSON.description)) }
            blocks[index] = .toolCall(hasInput: hasInput)
        case "server_tool_use", "mcp_tool_use":
            blocks[index] = .native(NativeBlock(block))
        default:
            events.append(.native(part: index, .anthropic, block.rawJSON))
        }
    }

    private mutating func takeDelta(_ delta: JSONValue, _ index: Int, _ events: inout [AnswerEvent]) {
        switch delta["type"]?.string {
        case "text_delta":
            appendText(delta["text"], index, &events)
        case "input_json_delta":
            guard let piece = delta["partial_json"]?.string, !piece.isEmpty else { return }
            if case .native(var native) = blocks[index] {
                native.input += piece
                blocks[index] = .native(native)
            } else {
                blocks[index] = .toolCall(hasInput: true)
                events.append(.toolArguments(part: index, piece))
            }
        case "thinking_delta":
            guard let text = delta["thinking"]?.string, !text.isEmpty else { return }
            events.append(.thinking(part: index, text))
        case "signature_delta":
            guard let signature = delta["signature"]?.string else { return }
            events.append(.signature(part: index, signature))
        case "citations_delta":
            if let citation = delta["citation"] { cite(citation, index, &events) }
        default:
            break
        }
    }

    private func appendText(_ json: JSONValue?, _ index: Int, _ events: inout [AnswerEvent]) {
        guard let text = json?.string, !text.isEmpty else { return }
        events.append(.text(part: index, text))
    }

    private func cite(_ json: JSONValue, _ index: Int, _ events: inout [AnswerEvent]) {
        guard json.kind == .object else { return }
        events.append(.citation(part: index, Citation(message: json)))
    }
}

/// A content block whose end has not come.
private enum OpenBlock {
    case plain
    case toolCall(hasInput: Bool)
    case native(NativeBlock)

    /// Appends what is known only at the block's end.
    func close(_ index: Int, _ events: inout [AnswerEvent]) {
        switch self {
        case .plain, .toolCall(hasInput: true): break
        case .toolCall(hasInput: false): events.append(.toolArguments(part: index, "{}"))
        case .native(let block): events.append(.native(part: index, .anthropic, block.json))
        }
    }
}

/// A tool's use on the provider's side, whose input comes in pieces.
private struct NativeBlock {
    /// The block without its input and closing brace.
    private var head: [UInt8]
    private var initialInput: RawJSON
    var input = ""

    init(_ block: JSONValue) {
        head = Array("{".utf8)
        initialInput = block["input"]?.rawJSON ?? RawJSON("{}")
        for (key, value) in block.members where !key.isString("input") {
            head += key.raw
            head.append(UInt8(ascii: ":"))
            head += value.raw
            head.append(UInt8(ascii: ","))
        }
        head += "\"input\":".utf8
    }

    var json: RawJSON {
        RawJSON(bytes: head + (input.isEmpty ? initialInput.bytes : Array(input.utf8)) + Array("}".utf8))
    }
}
