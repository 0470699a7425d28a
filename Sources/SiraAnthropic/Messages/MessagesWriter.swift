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
    /// A stream's blocks come one after another.
    private var parts = PartsInTurn()
    private var hasStarted = false
    /// The block that is being written, as an index of `blocks`.
    private var open: Int?
    /// Blocks with the proofs of calls and texts: behind all others, where no client looks for its own.
    private var proofs: [MessageBlock] = []
    private(set) var dropped: [String] = []
    /// Whether events belong to another than the first of several answers: messages have one.
    private var isBeyond = false
    private var hasText = false
    private var tier: Call.ServiceTier?
    private var usage: Usage?
    private var stop: StopReason?
    private var failure: GatewayError?

    init(_ request: AnswerRequest) {
        self.request = request
        identifier = "msg_" + request.request.description.dropFirst(4)
    }

    mutating func write(_ event: AnswerEvent, into output: inout [UInt8]) {
        guard failure == nil else { return }
        if case .choice(let number) = event { isBeyond = number > 0 }
        guard !isBeyond || !event.isContent else { return leaveOut("answer.choices") }
        guard request.isStream else { return writeNext(event, &output) }
        if let event = parts.take(event) { writeNext(event, &output) }
        for event in parts.released() { writeNext(event, &output) }
    }

    /// Writes an event of the part whose turn it is.
    private mutating func writeNext(_ event: AnswerEvent, _ output: inout [UInt8]) {
        switch event {
        case .start(let answer):
            tier = answer.serviceTier
            start(&output)
        case .text(let part, let piece), .refusal(let part, let piece):
            hasText = true
            append(piece, to: part, .text, "text_delta", "text", &output)
        case .transcript(let part, let piece):
            // Some say in text what they say aloud.
            if !hasText { append(piece, to: part, .text, "text_delta", "text", &output) }
        case .thinking(let part, let piece):
            append(piece, to: part, .thinking, "thinking_delta", "thinking", &output)
        case .redactedThinking(let part, let data):
            openBlock(part, .redacted(data), &output)
        case .toolCall(let part, let id, let name):
            let id = id.isEmpty ? "toolu_\(request.request.description.dropFirst(4))_\(blocks.count)" : id
            openBlock(part, .tool(id: id, name: name), &output)
        case .signature(let part, let signature): prove(part, signature, &output)
        case .toolArguments(let part, let piece):
            append(piece, to: part, nil, "input_json_delta", "partial_json", &output)
        case .citation(let part, let citation): cite(citation.message, part, &output)
        case .media(let part, let media): openBlock(part, .media(media), &output)
        case .native(let part, .anthropic, let block):
            openBlock(part, .native(block), &output)
        case .native: leaveOut("answer.provider_blocks")
        case .audio: leaveOut("answer.audio")
        case .logprobs: leaveOut("answer.logprobs")
        case .choice: break
        case .usage(let figures): usage = figures.usage
        case .stop(let reason):
            if !isBeyond { stop = stop ?? reason }
        case .failure(let error):
            failure = error
            if request.isStream { output += AnthropicDialect().errorEvent(error, request: request.request) }
        }
    }

    mutating func finish(into output: inout [UInt8]) {
        if failure == nil {
            for event in parts.rest() { writeNext(event, &output) }
        }
        if let failure {
            if !request.isStream { output += AnthropicDialect().errorBody(failure, request: request.request) }
            return
        }
        closeBlock(&output)
        for proof in proofs { writeClosed(proof, &output) }
        guard request.isStream else {
            var json = JSONWriter(capacity: 1_024)
            writeMessage(isWhole: true, into: &json)
            output += json.bytes
            return
        }
        start(&output)
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

    private mutating func leaveOut(_ name: String) {
        if !dropped.contains(name) { dropped.append(name) }
    }

    /// Writes a block that is known in full.
    private mutating func writeClosed(_ block: MessageBlock, _ output: inout [UInt8]) {
        openBlock(block.part, block.kind, &output)
        guard let index = open else { return }
        if !block.signature.isEmpty {
            blocks[index].signature = block.signature
            send("content_block_delta", &output) {
                $0.member("index", index)
                $0.object("delta") {
                    $0.member("type", "signature_delta")
                    $0.member("signature", block.signature)
                }
            }
        }
        closeBlock(&output)
    }

    // MARK: proofs and sources

    /// Gives a proof its place: that of a thought in the thought, that of a call or a text in a block of its own, which
    /// clients give back like any other thought.
    private mutating func prove(_ part: Int, _ signature: String, _ output: inout [UInt8]) {
        switch blocks.last(where: { $0.part == part })?.kind {
        case .tool(let id, _):
            let proof = CallProof(callID: id, signature: signature)
            proofs.append(MessageBlock(part: Self.noPart, kind: .redacted(proof.data)))
        case .thinking, nil:
            append(signature, to: part, .thinking, "signature_delta", "signature", &output)
        case .text, .redacted, .native, .media:
            var block = MessageBlock(part: Self.noPart, kind: .thinking)
            // Only Gemini signs texts.
            block.signature = ProofMaker.gemini.named(signature)
            proofs.append(block)
        }
    }

    /// The part of blocks that are no part of the provider's answer.
    private static let noPart = -1

    private mutating func cite(_ citation: RawJSON, _ part: Int, _ output: inout [UInt8]) {
        let known = blocks.lastIndex { $0.part == part }
        if known == nil || (request.isStream && known != open) { openBlock(part, .text, &output) }
        guard let index = blocks.lastIndex(where: { $0.part == part }) else { return }
        guard request.isStream else {
            blocks[index].citations.append(citation)
            return
        }
        send("content_block_delta", &output) {
            $0.member("index", index)
            $0.object("delta") {
                $0.member("type", "citations_delta")
                $0.member("citation", citation)
            }
        }
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
        if let kind {
            // Where a stream's block is closed already, the part goes on in another.
            let known = blocks.lastIndex { $0.part == part }
            if known == nil || (request.isStream && known != open) { openBlock(part, kind, &output) }
        }
        guard let index = blocks.lastIndex(where: { $0.part == part }) else { return }
        if request.isStream {
            guard index == open else { return }
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
        json.member("input_tokens", max(0, usage.input - usage.cacheRead - written))
        json.member("cache_creation_input_tokens", written)
        json.member("cache_read_input_tokens", usage.cacheRead)
        if written > 0 {
            json.object("cache_creation") {
                $0.member("ephemeral_5m_input_tokens", usage.cacheWrite)
                $0.member("ephemeral_1h_input_tokens", usage.cacheWriteLong)
            }
        }
        json.member("output_tokens", usage.output)
        if usage.reasoning > 0 {
            json.object("output_tokens_details") { $0.member("thinking_tokens", usage.reasoning) }
        }
        if usage.webSearches > 0 {
            json.object("server_tool_use") { $0.member("web_search_requests", usage.webSearches) }
        }
        switch tier {
        case .standard, .priority: json.member("service_tier", tier == .standard ? "standard" : "priority")
        case .auto, .flex, nil: break
        }
    }
}
