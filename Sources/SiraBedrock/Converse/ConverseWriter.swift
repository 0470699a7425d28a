internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Writes Converse's answers: messages of an event stream as the events come, or one answer at their end.
///
/// The answer's parts are its content blocks.
struct ConverseWriter: AnswerWriter {
    private let request: AnswerRequest
    private var blocks: [ConverseBlock] = []
    /// A stream's blocks come one after another.
    private var parts = PartsInTurn()
    private(set) var dropped: [String] = []
    /// Whether events belong to another than the first of several answers: Converse has one.
    private var isBeyond = false
    private var hasText = false
    private var hasStarted = false
    private var serviceTier: Call.ServiceTier?
    /// The block that is being written, as an index of `blocks`.
    private var open: Int?
    private var usage: Usage?
    private var stop: StopReason?
    private var failure: GatewayError?

    init(_ request: AnswerRequest) {
        self.request = request
    }

    mutating func write(_ event: AnswerEvent, into output: inout [UInt8]) {
        guard failure == nil else { return }
        if case .choice(let number) = event { isBeyond = number > 0 }
        guard !isBeyond || !event.isContent else { return leaveOut("answer.choices") }
        guard request.isStream else { return writeNext(event, &output) }
        if let event = parts.take(event) { writeNext(event, &output) }
        for event in parts.released() { writeNext(event, &output) }
    }

    private mutating func leaveOut(_ name: String) {
        if !dropped.contains(name) { dropped.append(name) }
    }

    /// Writes an event of the part whose turn it is.
    private mutating func writeNext(_ event: AnswerEvent, _ output: inout [UInt8]) {
        switch event {
        case .start(let start):
            serviceTier = start.serviceTier
            self.start(&output)
        case .text(let part, let piece), .refusal(let part, let piece):
            hasText = true
            say(piece, part, &output)
        case .thinking(let part, let piece):
            append(part, .thinking, &output, { $0.text += piece }) {
                $0.object("reasoningContent") { $0.member("text", piece) }
            }
        case .signature(let part, let piece):
            // Proofs of calls and texts, which Gemini gives, have no place.
            guard blocks.first(where: { $0.part == part })?.kind ?? .thinking == .thinking else {
                return leaveOut("answer.signature")
            }
            append(part, .thinking, &output, { $0.signature += piece }) {
                $0.object("reasoningContent") { $0.member("signature", piece) }
            }
        case .redactedThinking(let part, let data):
            let blob = RedactedThought.blob(of: data)
            append(part, .redacted, &output, { $0.text += blob }) {
                $0.object("reasoningContent") { $0.member("redactedContent", blob) }
            }
        case .toolCall(let part, let id, let name):
            let id = id.isEmpty ? "tooluse_\(request.request.description.dropFirst(4))_\(blocks.count)" : id
            openBlock(ConverseBlock(part: part, kind: .tool(id: id, name: name)), &output)
        case .toolArguments(let part, let piece):
            guard let index = blocks.lastIndex(where: { $0.part == part }) else { return }
            guard !request.isStream || index == open else { return }
            append(part, .text, &output, { $0.text += piece }) {
                $0.object("toolUse") { $0.member("input", piece) }
            }
        case .citation(let part, let citation):
            let raw = ConverseBlock.citation(citation)
            append(part, .text, &output, { $0.citations.append(raw) }) { $0.member("citation", raw) }
        case .media(let part, .base64(let type, let data)):
            guard let format = MediaFormat.image(type) else { return leaveOut("answer.media") }
            append(part, .image(format: format), &output, { $0.text += data }) {
                $0.object("image") { $0.object("source") { $0.member("bytes", data) } }
            }
        case .native(let part, .bedrock, let block) where !request.isStream:
            // In a stream such a block has events of its own; only its own provider sends it, and that stream passes.
            openBlock(ConverseBlock(part: part, kind: .native(block)), &output)
        case .transcript(let part, let piece):
            // Some say in text what they say aloud.
            if !hasText { say(piece, part, &output) }
        case .native: leaveOut("answer.provider_blocks")
        case .media: leaveOut("answer.media")
        case .audio: leaveOut("answer.audio")
        case .logprobs: leaveOut("answer.logprobs")
        case .choice: break
        case .usage(let figures): usage = figures.usage
        case .stop(let reason):
            if !isBeyond { stop = stop ?? reason }
        case .failure(let error):
            failure = error
            if request.isStream { output += BedrockDialect().errorEvent(error, request: request.request) }
        }
    }

    mutating func finish(into output: inout [UInt8]) {
        if failure == nil {
            for event in parts.rest() { writeNext(event, &output) }
        }
        if let failure {
            if !request.isStream { output += BedrockDialect().errorBody(failure, request: request.request) }
            return
        }
        guard request.isStream else {
            var json = JSONWriter(capacity: 1_024)
            writeAnswer(into: &json)
            output += json.bytes
            return
        }
        start(&output)
        closeBlock(&output)
        send("messageStop", &output) { $0.member("stopReason", stopReason) }
        send("metadata", &output) { writeFigures(into: &$0) }
    }

    // MARK: events

    private func send(_ name: String, _ output: inout [UInt8], _ body: (inout JSONWriter) -> Void) {
        guard request.isStream else { return }
        var json = JSONWriter(capacity: 128)
        json.object(body)
        output += StreamEvent.message(name, json.bytes)
    }

    private mutating func start(_ output: inout [UInt8]) {
        guard !hasStarted else { return }
        hasStarted = true
        send("messageStart", &output) { $0.member("role", "assistant") }
    }

    private mutating func openBlock(_ block: ConverseBlock, _ output: inout [UInt8]) {
        start(&output)
        closeBlock(&output)
        let index = blocks.count
        blocks.append(block)
        open = index
        // Blocks of text and thoughts begin with their first piece.
        guard block.kind.hasStart else { return }
        send("contentBlockStart", &output) {
            $0.object("start") { block.writeStart(into: &$0) }
            $0.member("contentBlockIndex", index)
        }
    }

    private mutating func closeBlock(_ output: inout [UInt8]) {
        guard let index = open else { return }
        open = nil
        send("contentBlockStop", &output) { $0.member("contentBlockIndex", index) }
    }

    private mutating func say(_ piece: String, _ part: Int, _ output: inout [UInt8]) {
        append(part, .text, &output, { $0.text += piece }) { $0.member("text", piece) }
    }

    /// Adds a piece to the block of its part, opening one of `kind` where there is none.
    private mutating func append(
        _ part: Int,
        _ kind: ConverseBlock.Kind,
        _ output: inout [UInt8],
        _ gather: (inout ConverseBlock) -> Void,
        _ delta: (inout JSONWriter) -> Void
    ) {
        // Where a stream's block is closed already, the part goes on in another.
        let known = blocks.lastIndex { $0.part == part }
        if known == nil || (request.isStream && known != open) {
            openBlock(ConverseBlock(part: part, kind: kind), &output)
        }
        guard let index = blocks.lastIndex(where: { $0.part == part }) else { return }
        guard request.isStream else { return gather(&blocks[index]) }
        send("contentBlockDelta", &output) {
            $0.object("delta", delta)
            $0.member("contentBlockIndex", index)
        }
    }

    // MARK: the answer

    private func writeAnswer(into json: inout JSONWriter) {
        json.object {
            $0.object("output") {
                $0.object("message") {
                    $0.member("role", "assistant")
                    $0.array("content") {
                        for block in blocks { block.write(into: &$0) }
                    }
                }
            }
            $0.member("stopReason", stopReason)
            writeFigures(into: &$0)
        }
    }

    private var stopReason: String {
        switch stop ?? .complete {
        case .complete, .paused: "end_turn"
        case .outputLimit: "max_tokens"
        case .contextLimit: "model_context_window_exceeded"
        case .stopString: "stop_sequence"
        case .toolCalls: "tool_use"
        case .refusal: "content_filtered"
        }
    }

    /// Writes the figures as Bedrock counts them, cached tokens apart.
    private func writeFigures(into json: inout JSONWriter) {
        // Zeros stand for figures that are not known: the protocol demands numbers here.
        let usage = usage ?? Usage()
        let written = usage.cacheWrite + usage.cacheWriteLong
        json.object("usage") {
            $0.member("inputTokens", max(0, usage.input - usage.cacheRead - written))
            $0.member("outputTokens", usage.output)
            $0.member("totalTokens", usage.total)
            $0.member("cacheReadInputTokens", usage.cacheRead)
            $0.member("cacheWriteInputTokens", written)
            guard written > 0 else { return }
            $0.array("cacheDetails") {
                for (ttl, count) in [("5m", usage.cacheWrite), ("1h", usage.cacheWriteLong)] where count > 0 {
                    $0.object {
                        $0.member("ttl", ttl)
                        $0.member("inputTokens", count)
                    }
                }
            }
        }
        json.object("metrics") { $0.member("latencyMs", request.elapsed()) }
        let tier: String? =
            switch serviceTier {
            case .standard: "default"
            case .priority: "priority"
            case .flex: "flex"
            case .auto, nil: nil
            }
        if let tier { json.object("serviceTier") { $0.member("type", tier) } }
    }
}
