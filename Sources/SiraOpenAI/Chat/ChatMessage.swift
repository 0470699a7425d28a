internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// The assistant's message, as events add to it.
///
/// OpenAI's protocol has no place for some of what other models say. It goes where many clients look for it:
/// thoughts into `reasoning_content`, and once more with their signature into `thinking_blocks`, to be sent back
/// with the next request; sources that are no web pages into `citations`; blocks that only the provider knows into
/// `provider_blocks`.
struct ChatMessage {
    /// What the ids of tool calls begin with whose provider gave none.
    private let callPrefix: String
    private(set) var serviceTier: Call.ServiceTier?
    private var text = ""
    private var refusal = ""
    private var reasoning = ""
    private var toolCalls: [(part: Int, call: ToolCall)] = []
    private var annotations: [RawJSON] = []
    private var citations: [RawJSON] = []
    private var thoughts: [RawJSON] = []
    private var natives: [RawJSON] = []

    /// The thought that is being written, and its part.
    ///
    /// Kept until its signature comes.
    private var openThought = (part: -1, text: "")
    /// Unicode scalars of text so far, and where the part began that `openCitations` are about.
    private var length = 0
    private var openPart = (part: -1, start: 0)
    private var openCitations: [Citation] = []

    /// A thought longer than this, in bytes, is not repeated in `thinking_blocks`: no stream is collected whole.
    private static let longestThought = 1 << 18

    init(_ request: RequestID) {
        callPrefix = "call_\(request.description.dropFirst(4))_"
    }

    /// Takes an event, and says what a streaming client sees of it: the `delta` object, nil where nothing.
    ///
    /// - Parameter gathers: whether what is taken is to be written as a whole later.
    mutating func take(_ event: AnswerEvent, gathers: Bool) -> [UInt8]? {
        let before = annotations.count
        if let part = event.textPart, part != openPart.part { closePart(next: part) }
        var delta = JSONWriter(capacity: 128)
        var isEmpty = true
        delta.object {
            if annotations.count > before {
                writeAnnotations(from: before, into: &$0)
                isEmpty = false
            }
            if add(event, to: &$0) { isEmpty = false }
        }
        if !gathers { forget() }
        return isEmpty ? nil : delta.bytes
    }

    /// What is left to say when the answer ends: sources of the last part.
    mutating func close() -> [UInt8]? {
        let before = annotations.count
        closePart(next: -1)
        guard annotations.count > before else { return nil }
        var delta = JSONWriter(capacity: 128)
        delta.object { writeAnnotations(from: before, into: &$0) }
        return delta.bytes
    }

    /// Writes the event's delta, and keeps what the whole message needs.
    ///
    /// False when there is nothing to write.
    private mutating func add(_ event: AnswerEvent, to delta: inout JSONWriter) -> Bool {
        switch event {
        case .start(let start):
            serviceTier = start.serviceTier
            delta.member("role", "assistant")
            delta.member("content", "")
        case .text(_, let piece):
            text += piece
            length += piece.unicodeScalars.count
            delta.member("content", piece)
        case .refusal(_, let piece):
            refusal += piece
            delta.member("refusal", piece)
        case .toolCall(let part, let id, let name):
            let id = id.isEmpty ? "\(callPrefix)\(toolCalls.count)" : id
            toolCalls.append((part, ToolCall(id: id, name: name, arguments: "")))
            writeToolCall(toolCalls.count - 1, opens: true, arguments: "", into: &delta)
        case .toolArguments(let part, let piece):
            guard let index = toolCalls.lastIndex(where: { $0.part == part }) else { return false }
            toolCalls[index].call.arguments += piece
            writeToolCall(index, opens: false, arguments: piece, into: &delta)
        case .thinking, .signature, .redactedThinking:
            return addThought(event, to: &delta)
        case .citation(_, let citation):
            if citation.url != nil {
                openCitations.append(citation)
                return false
            }
            citations.append(citation.raw)
            delta.array("citations") { $0.element(citation.raw) }
        case .audio(_, let data):
            delta.object("audio") { $0.member("data", data) }
        case .native(_, _, let block):
            natives.append(block)
            delta.array("provider_blocks") { $0.element(block) }
        case .choice, .logprobs, .transcript, .media, .usage, .stop, .failure:
            return false
        }
        return true
    }

    private mutating func addThought(_ event: AnswerEvent, to delta: inout JSONWriter) -> Bool {
        switch event {
        case .thinking(let part, let piece):
            reasoning += piece
            if openThought.part != part { openThought = (part, "") }
            if openThought.text.utf8.count <= Self.longestThought { openThought.text += piece }
            delta.member("reasoning_content", piece)
        case .signature(let part, let signature):
            let thought = openThought.part == part ? openThought.text : ""
            openThought = (-1, "")
            guard thought.utf8.count <= Self.longestThought else { return false }
            var block = JSONWriter(capacity: thought.utf8.count + signature.utf8.count + 64)
            block.object {
                $0.member("type", "thinking")
                $0.member("thinking", thought)
                $0.member("signature", signature)
            }
            thoughts.append(RawJSON(bytes: block.bytes))
            delta.array("thinking_blocks") { $0.element(RawJSON(bytes: block.bytes)) }
        case .redactedThinking(_, let data):
            var block = JSONWriter(capacity: data.utf8.count + 64)
            block.object {
                $0.member("type", "redacted_thinking")
                $0.member("data", data)
            }
            thoughts.append(RawJSON(bytes: block.bytes))
            delta.array("thinking_blocks") { $0.element(RawJSON(bytes: block.bytes)) }
        default:
            return false
        }
        return true
    }

    private func writeToolCall(_ index: Int, opens: Bool, arguments: String, into delta: inout JSONWriter) {
        let call = toolCalls[index].call
        delta.array("tool_calls") {
            $0.object {
                $0.member("index", index)
                if opens {
                    $0.member("id", call.id)
                    $0.member("type", "function")
                }
                $0.object("function") {
                    if opens { $0.member("name", call.name) }
                    $0.member("arguments", arguments)
                }
            }
        }
    }

    /// Gives the sources of the part that ends their place in the text, which is known only now.
    private mutating func closePart(next part: Int) {
        for citation in openCitations {
            var json = JSONWriter(capacity: 256)
            json.object {
                $0.member("type", "url_citation")
                $0.object("url_citation") {
                    $0.member("start_index", openPart.start)
                    $0.member("end_index", length)
                    $0.member("title", citation.title ?? "")
                    $0.member("url", citation.url ?? "")
                }
            }
            annotations.append(RawJSON(bytes: json.bytes))
        }
        openCitations.removeAll()
        openPart = (part, length)
    }

    private func writeAnnotations(from start: Int, into json: inout JSONWriter) {
        json.array("annotations") {
            for annotation in annotations[start...] { $0.element(annotation) }
        }
    }

    /// Lets go of what a stream has sent already.
    private mutating func forget() {
        text = ""
        refusal = ""
        reasoning = ""
        annotations.removeAll()
        citations.removeAll()
        thoughts.removeAll()
        natives.removeAll()
        for index in toolCalls.indices { toolCalls[index].call.arguments = "" }
    }

    /// Writes the whole message.
    func write(into json: inout JSONWriter) {
        json.object {
            $0.member("role", "assistant")
            if text.isEmpty, !(toolCalls.isEmpty && refusal.isEmpty) {
                $0.null("content")
            } else {
                $0.member("content", text)
            }
            if refusal.isEmpty { $0.null("refusal") } else { $0.member("refusal", refusal) }
            if !reasoning.isEmpty { $0.member("reasoning_content", reasoning) }
            writeRaw("thinking_blocks", thoughts, into: &$0)
            if !toolCalls.isEmpty { writeToolCalls(into: &$0) }
            writeRaw("annotations", annotations, into: &$0)
            writeRaw("citations", citations, into: &$0)
            writeRaw("provider_blocks", natives, into: &$0)
        }
    }

    private func writeRaw(_ key: StaticString, _ values: [RawJSON], into json: inout JSONWriter) {
        guard !values.isEmpty else { return }
        json.array(key) {
            for value in values { $0.element(value) }
        }
    }

    private func writeToolCalls(into json: inout JSONWriter) {
        json.array("tool_calls") {
            for (_, call) in toolCalls {
                $0.object {
                    $0.member("id", call.id)
                    $0.member("type", "function")
                    $0.object("function") {
                        $0.member("name", call.name)
                        $0.member("arguments", call.arguments)
                    }
                }
            }
        }
    }
}

extension AnswerEvent {
    /// The part that the event's text, or its source, belongs to.
    fileprivate var textPart: Int? {
        switch self {
        case .text(let part, _), .citation(let part, _): part
        default: nil
        }
    }
}
