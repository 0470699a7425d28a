internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Writes messages: events as they come, or one message at their end.
///
/// The answer's parts are its content blocks.
struct MessagesWriter: AnswerWriter {
    private let request: AnswerRequest
    private let identifier: String
    private var blocks: [MessageBlock] = []
    private var hasStarted = false
    /// The block that is being written, as an index of `blocks`.
    private var open: Int?
    private var usage: Usage?
    private var stop: StopReason?
    private var failure: GatewayError?

    init(_ request: AnswerRequest) {
        self.request = request
        identifier = "msg_" + request.request.description.dropFirst(4)
    }

    mutating func write(_ event: AnswerEvent, into output: inout [UInt8]) {
        guard failure == nil else { return }
        switch event {
        case .start: start(&output)
        case .text(let part, let piece), .refusal(let part, let piece):
            append(piece, to: part, .text, "text_delta", "text", &output)
        case .thinking(let part, let piece):
            append(piece, to: part, .thinking, "thinking_delta", "thinking", &output)
        case .signature(let part, let piece):
            append(piece, to: part, .thinking, "signature_delta", "signature", &output)
        case .redactedThinking(let part, let data):
            openBlock(part, .redacted(data), &output)
        case .toolCall(let part, let id, let name):
            let id = id.isEmpty ? "toolu_\(request.request.description.dropFirst(4))_\(blocks.count)" : id
            openBlock(part, .tool(id: id, name: name), &output)
        case .toolArguments(let part, let piece):
            append(piece, to: part, nil, "input_json_delta", "partial_json", &output)
        case .native(let part, .anthropic, let block):
            openBlock(part, .native(block), &output)
        case .native, .citation, .audio, .choice, .logprobs, .transcript, .media:
            break  // nothing that messages could say
        case .usage(let figures): usage = figures.usage
        case .stop(let reason): stop = stop ?? reason
        case .failure(let error):
            failure = error
            if request.isStream { output += AnthropicDialect().errorEvent(error, request: request.request) }
        }
    }

    mutating func finish(into output: inout [UInt8]) {
        if let failure {
            if !request.isStream { output += AnthropicDialect().errorBody(failure, request: request.request) }
            return
        }
        guard request.isStream else {
            var json = JSONWriter(capacity: 1_024)
            writeMessage(isWhole: true, into: &json)
            output += json.bytes
            return
        }
        start(&output)
        closeBlock(&output)
        send("message_delta", &output) {
            $0.object("delta") { writeStop(into: &$0) }
            $0.object("usage") { writeUsage(into: &$0) }
        }
        send("message_stop", &output) { _ in }
    }

    // MARK: events

    private func send(_ name: StaticString, _ output: inout [UInt8], _ body: (inout JSONWriter) -> Void) {
        guard request.isStream else { return }
        var json = JSONWriter(capacity: 128)
        json.object {
            $0.member("type", name.description)
            body(&$0)
        }
        output += "event: \(name)\ndata: ".utf8
        output += json.bytes
        output += "\n\n".utf8
    }

    private mutating func start(_ output: inout [UInt8]) {
        guard !hasStarted else { return }
        hasStarted = true
        send("message_start", &output) {
            $0.key("message")
            writeMessage(isWhole: false, into: &$0)
        }
    }

    private mutating func openBlock(_ part: Int, _ kind: MessageBlock.Kind, _ output: inout [UInt8]) {
        start(&output)
        closeBlock(&output)
        let index = blocks.count
        let block = MessageBlock(part: part, kind: kind)
        blocks.append(block)
        open = index
        send("content_block_start", &output) {
            $0.member("index", index)
            $0.key("content_block")
            block.write(into: &$0)
        }
    }

    private mutating func closeBlock(_ output: inout [UInt8]) {
        guard let index = open else { return }
        open = nil
        send("content_block_stop", &output) { $0.member("index", index) }
    }

    /// Adds a piece to the block of its part, opening one of `kind` where there is none.
    private mutating func append(
        _ piece: String,
        to part: Int,
        _ kind: MessageBlock.Kind?,
        _ type: String,
        _ key: StaticString,
        _ output: inout [UInt8]
    ) {
        if !blocks.contains(where: { $0.part == part }), let kind { openBlock(part, kind, &output) }
        guard let index = blocks.lastIndex(where: { $0.part == part }) else { return }
        if request.isStream {
            send("content_block_delta", &output) {
                $0.member("index", index)
                $0.object("delta") {
                    $0.member("type", type)
                    $0.member(key, piece)
                }
            }
        } else if type == "signature_delta" {
            blocks[index].signature += piece
        } else {
            blocks[index].text += piece
        }
    }

    // MARK: the message

    private func writeMessage(isWhole: Bool, into json: inout JSONWriter) {
        json.object {
            $0.member("id", identifier)
            $0.member("type", "message")
            $0.member("role", "assistant")
            $0.member("model", request.model)
            $0.array("content") {
                guard isWhole else { return }
                for block in blocks { block.write(into: &$0) }
            }
            if isWhole {
                writeStop(into: &$0)
            } else {
                $0.null("stop_reason")
                $0.null("stop_sequence")
            }
            $0.object("usage") { writeUsage(into: &$0) }
        }
    }

    private func writeStop(into json: inout JSONWriter) {
        var sequence: String?
        let reason: String
        switch stop ?? .complete {
        case .complete, .stopString(nil): reason = "end_turn"
        case .outputLimit: reason = "max_tokens"
        case .contextLimit: reason = "model_context_window_exceeded"
        case .stopString(let text):
            reason = "stop_sequence"
            sequence = text
        case .toolCalls: reason = "tool_use"
        case .refusal: reason = "refusal"
        case .paused: reason = "pause_turn"
        }
        json.member("stop_reason", reason)
        if let sequence { json.member("stop_sequence", sequence) } else { json.null("stop_sequence") }
    }

    /// The figures as Anthropic counts them, cached tokens apart.
    private func writeUsage(into json: inout JSONWriter) {
        // Zeros stand for figures that are not known, as those of the prompt at the start of most streams: the protocol
        // demands numbers here, and clients compute with them.
        let usage = usage ?? Usage()
        let written = usage.cacheWrite + usage.cacheWriteLong
        json.member("input_tokens", usage.input - usage.cacheRead - written)
        json.member("cache_creation_input_tokens", written)
        json.member("cache_read_input_tokens", usage.cacheRead)
        json.member("output_tokens", usage.output)
        if usage.reasoning > 0 {
            json.object("output_tokens_details") { $0.member("thinking_tokens", usage.reasoning) }
        }
    }
}

/// A content block of an answer that is being written.
struct MessageBlock {
    enum Kind {
        case text, thinking
        case redacted(String)
        case tool(id: String, name: String)
        case native(RawJSON)
    }

    let part: Int
    let kind: Kind
    /// What a whole answer has gathered: text, thoughts, or arguments.
    var text = ""
    var signature = ""

    init(part: Int, kind: Kind) {
        self.part = part
        self.kind = kind
    }

    func write(into json: inout JSONWriter) {
        if case .native(let block) = kind {
            json.element(block)
            return
        }
        json.object {
            switch kind {
            case .text:
                $0.member("type", "text")
                $0.member("text", text)
            case .thinking:
                $0.member("type", "thinking")
                $0.member("thinking", text)
                $0.member("signature", signature)
            case .redacted(let data):
                $0.member("type", "redacted_thinking")
                $0.member("data", data)
            case .tool(let id, let name):
                $0.member("type", "tool_use")
                $0.member("id", id)
                $0.member("name", name)
                $0.member("input", input)
            case .native: break
            }
        }
    }

    /// The arguments as the object that they must be.
    ///
    /// What a model wrote wrongly is shown under a name that says so.
    private var input: RawJSON {
        guard !text.isEmpty else { return RawJSON("{}") }
        let bytes = Array(text.utf8)
        let isObject = try? JSONIndexer().read(bytes, limits: .answer) { $0.kind == .object }
        if isObject == true { return RawJSON(bytes: bytes) }
        var json = JSONWriter()
        json.object { $0.member("INVALID_JSON", text) }
        return RawJSON(bytes: json.bytes)
    }
}
