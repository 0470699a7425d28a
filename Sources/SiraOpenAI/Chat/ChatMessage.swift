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
    private let created: Int64
    private var text = ""
    private var refusal = ""
    private var reasoning = ""
    private var toolCalls: [(part: Int, call: ToolCall)] = []
    private var annotations: [RawJSON] = []
    private var citations: [RawJSON] = []
    private var thoughts: [RawJSON] = []
    private var natives: [RawJSON] = []
    private var images: [RawJSON] = []
    /// How many entries of each list a stream has sent.
    private var listed: [String: Int] = [:]
    private var sound = (data: "", words: "")
    private var logprobs: (text: [TokenLogprob], refusal: [TokenLogprob]) = ([], [])
    private var refusalPart: Int?

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

    /// - Parameters:
    ///   - choice: the answer's number, of several.
    ///   - created: when the answer began, in seconds.
    init(_ request: RequestID, choice: Int = 0, created: Int64) {
        let suffix = choice == 0 ? "" : "\(choice)_"
        callPrefix = "call_\(request.description.dropFirst(4))_\(suffix)"
        self.created = created
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
        case .start, .choice:
            delta.member("role", "assistant")
            delta.member("content", "")
        case .text(_, let piece):
            text += piece
            length += piece.unicodeScalars.count
            delta.member("content", piece)
        case .refusal(let part, let piece):
            refusal += piece
            refusalPart = part
            delta.member("refusal", piece)
        case .toolCall(let part, let id, let name):
            let id = id.isEmpty ? "\(callPrefix)\(toolCalls.count)" : id
            toolCalls.append((part, ToolCall(id: id, name: name, arguments: "")))
            writeToolCall(toolCalls.count - 1, .head, arguments: "", into: &delta)
        case .toolArguments(let part, let piece):
            guard let index = toolCalls.lastIndex(where: { $0.part == part }) else { return false }
            toolCalls[index].call.arguments += piece
            writeToolCall(index, .arguments, arguments: piece, into: &delta)
        case .signature(let part, let signature) where toolCalls.contains { $0.part == part }:
            guard let index = toolCalls.lastIndex(where: { $0.part == part }) else { return false }
            toolCalls[index].call.signature = (toolCalls[index].call.signature ?? "") + signature
            writeToolCall(index, .signature, arguments: "", into: &delta)
        case .thinking, .signature, .redactedThinking:
            return addThought(event, to: &delta)
        case .citation(_, let citation):
            if citation.url != nil {
                guard let range = citation.range else {
                    openCitations.append(citation)
                    return false
                }
                annotations.append(Self.annotation(citation, openPart.start + range.lowerBound, range.count))
                writeAnnotations(from: annotations.count - 1, into: &delta)
                return true
            }
            citations.append(citation.raw)
            writeEntries([citation.raw], of: "citations", into: &delta)
        case .audio(_, let data):
            sound.data += data
            delta.object("audio") { $0.member("data", data) }
        case .transcript(_, let words):
            sound.words += words
            delta.object("audio") { $0.member("transcript", words) }
        case .media(_, let media):
            images.append(Self.image(media))
            writeEntries([Self.image(media)], of: "images", into: &delta)
        case .native(_, _, let block):
            natives.append(block)
            writeEntries([block], of: "provider_blocks", into: &delta)
        case .logprobs, .usage, .stop, .failure:
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
            writeEntries([RawJSON(bytes: block.bytes)], of: "thinking_blocks", into: &delta)
        case .redactedThinking(_, let data):
            var block = JSONWriter(capacity: data.utf8.count + 64)
            block.object {
                $0.member("type", "redacted_thinking")
                $0.member("data", data)
            }
            thoughts.append(RawJSON(bytes: block.bytes))
            writeEntries([RawJSON(bytes: block.bytes)], of: "thinking_blocks", into: &delta)
        default:
            return false
        }
        return true
    }

    /// What a piece of a call tells.
    private enum CallPiece { case head, arguments, signature }

    private func writeToolCall(_ index: Int, _ piece: CallPiece, arguments: String, into delta: inout JSONWriter) {
        let call = toolCalls[index].call
        delta.array("tool_calls") {
            $0.object {
                $0.member("index", index)
                if piece == .head {
                    $0.member("id", call.id)
                    $0.member("type", "function")
                }
                $0.object("function") {
                    if piece == .head { $0.member("name", call.name) }
                    $0.member("arguments", arguments)
                }
                if piece == .signature { Self.writeSignature(call.signature, into: &$0) }
            }
        }
    }

    /// Gives the sources of the part that ends their place in the text, which is known only now.
    private mutating func closePart(next part: Int) {
        for citation in openCitations {
            annotations.append(Self.annotation(citation, openPart.start, length - openPart.start))
        }
        openCitations.removeAll()
        openPart = (part, length)
    }

    private static func annotation(_ citation: Citation, _ start: Int, _ count: Int) -> RawJSON {
        var json = JSONWriter(capacity: 256)
        json.object {
            $0.member("type", "url_citation")
            $0.object("url_citation") {
                $0.member("start_index", start)
                $0.member("end_index", start + count)
                $0.member("title", citation.title ?? "")
                $0.member("url", citation.url ?? "")
                if let quote = citation.quote { $0.member("content", quote) }
            }
        }
        return RawJSON(bytes: json.bytes)
    }

    /// A picture, where OpenRouter's clients look for it.
    private static func image(_ media: Media) -> RawJSON {
        var json = JSONWriter(capacity: 64)
        json.object {
            $0.member("type", "image_url")
            $0.object("image_url") { $0.member("url", media.url) }
        }
        return RawJSON(bytes: json.bytes)
    }

    /// Writes the proof of a thought where Google's chat completions have it.
    private static func writeSignature(_ signature: String?, into json: inout JSONWriter) {
        guard let signature else { return }
        json.object("extra_content") {
            $0.object("google") { $0.member("thought_signature", signature) }
        }
    }

    private mutating func writeAnnotations(from start: Int, into delta: inout JSONWriter) {
        writeEntries(Array(annotations[start...]), of: "annotations", into: &delta)
    }

    /// Writes more entries of one of the message's lists, each with its place in that list.
    ///
    /// By `index`, clients tell which entry of a list a delta adds to; OpenAI's own SDK takes no other entries.
    private mutating func writeEntries(_ entries: [RawJSON], of list: StaticString, into delta: inout JSONWriter) {
        let start = listed[list.description, default: 0]
        listed[list.description] = start + entries.count
        delta.array(list) {
            for (offset, entry) in entries.enumerated() { $0.element(entry.numbered(start + offset)) }
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
        images.removeAll()
        sound = ("", "")
        for index in toolCalls.indices {
            toolCalls[index].call.arguments = ""
            toolCalls[index].call.signature = nil
        }
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
            writeRaw("images", images, into: &$0)
            writeSound(into: &$0)
            writeRaw("provider_blocks", natives, into: &$0)
        }
    }

    /// Writes what was spoken.
    ///
    /// No provider keeps it to be referred to, so it is over as soon as it was made.
    private func writeSound(into json: inout JSONWriter) {
        guard !sound.data.isEmpty || !sound.words.isEmpty else { return }
        json.object("audio") {
            $0.member("id", "audio_" + callPrefix.dropFirst(5).dropLast())
            $0.member("data", sound.data)
            $0.member("transcript", sound.words)
            $0.member("expires_at", created)
        }
    }

    /// Keeps the likelihoods of an answer that is written whole.
    mutating func keep(_ tokens: [TokenLogprob], of part: Int) {
        if part == refusalPart { logprobs.refusal += tokens } else { logprobs.text += tokens }
    }

    /// Writes `logprobs`, which stands beside the message.
    func writeLogprobs(into json: inout JSONWriter) {
        guard !logprobs.text.isEmpty || !logprobs.refusal.isEmpty else { return json.null("logprobs") }
        Self.write(logprobs: logprobs.text, logprobs.refusal, into: &json)
    }

    /// The `logprobs` of one chunk, as a member's value.
    func logprobs(_ tokens: [TokenLogprob], of part: Int) -> [UInt8] {
        var json = JSONWriter(capacity: 64 * tokens.count)
        let isRefusal = part == refusalPart
        json.object { Self.write(logprobs: isRefusal ? [] : tokens, isRefusal ? tokens : [], into: &$0) }
        return json.bytes
    }

    private static func write(
        logprobs text: [TokenLogprob],
        _ refusal: [TokenLogprob],
        into json: inout JSONWriter
    ) {
        json.object("logprobs") {
            for (key, tokens) in [("content" as StaticString, text), ("refusal", refusal)] {
                guard !tokens.isEmpty else {
                    $0.null(key)
                    continue
                }
                $0.array(key) {
                    for token in tokens { token.write(into: &$0) }
                }
            }
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
                    Self.writeSignature(call.signature, into: &$0)
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

extension RawJSON {
    /// The object with its place in a list as its first member.
    fileprivate func numbered(_ index: Int) -> RawJSON {
        guard bytes.first == UInt8(ascii: "{") else { return self }
        let rest = bytes.dropFirst()
        let isEmpty = rest.first { $0 > 0x20 } == UInt8(ascii: "}")
        return RawJSON(bytes: Array("{\"index\":\(index)\(isEmpty ? "" : ",")".utf8) + rest)
    }
}
