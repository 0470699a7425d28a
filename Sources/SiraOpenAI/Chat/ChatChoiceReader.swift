internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Reads one of the answers that a chat completion holds.
struct ChatChoiceReader {
    private enum Kind { case text, refusal, thinking, audio }

    private let isStream: Bool
    private(set) var stop: StopReason?
    /// Set when the answer broke off, and has not ended.
    private(set) var failure: GatewayError?
    private var open: (kind: Kind, part: Int)?
    /// The part that held text last.
    private(set) var lastText: Int?
    private var lastThought: Int?
    /// Whether thoughts came as text, so that blocks only repeat them.
    private var hasPlainThoughts = false
    /// Unicode scalars of text so far, and where in them the part that is open began.
    private var length = 0
    private var textStart = 0
    /// The part of each call of a tool, by OpenAI's number and by its id.
    private var calls: [Int: Int] = [:]
    private var callParts: [String: Int] = [:]

    init(isStream: Bool) {
        self.isStream = isStream
    }

    /// Why the answer ended, as far as it is known.
    var reasonToStop: StopReason {
        // Some servers call it a plain stop when the model waits for its tools.
        stop == nil || stop == .complete ? (calls.isEmpty ? .complete : .toolCalls) : stop ?? .complete
    }

    /// - Parameter parts: how many parts all answers have so far.
    mutating func take(_ choice: JSONValue, parts: inout Int, _ events: inout [AnswerEvent]) {
        if let message = choice.present("delta") ?? choice.present("message") {
            takeMessage(message, &parts, &events)
        }
        if let logprobs = choice.present("logprobs") { takeLogprobs(logprobs, &parts, &events) }
        guard let reason = choice.present("finish_reason")?.string else { return }
        stop = Self.reason(reason)
        if Self.failures.contains(reason) {
            failure = GatewayError(
                .upstreamInterrupted,
                "The provider broke off its answer before its end (\(reason))."
            )
        }
    }

    private mutating func takeMessage(_ message: JSONValue, _ parts: inout Int, _ events: inout [AnswerEvent]) {
        takeThoughts(message, &parts, &events)
        if let content = message.present("content") {
            // Google's chat completions mark thoughts that are written as content.
            let isThought = message.present("extra_content")?["google"]?["thought"]?.bool == true
            takeContent(content, isThought ? .thinking : .text, &parts, &events)
        }
        if let text = Self.text(message["refusal"]) {
            events.append(.refusal(part: part(.refusal, &parts), text))
        }
        for annotation in message["annotations"]?.elements ?? message.elements {
            cite(annotation, &parts, &events)
        }
        if let audio = message.present("audio") {
            if let data = Self.text(audio["data"]) { events.append(.audio(part: part(.audio, &parts), data)) }
            if let words = Self.text(audio["transcript"]) {
                events.append(.transcript(part: part(.audio, &parts), words))
            }
        }
        for image in message["images"]?.elements ?? message.elements {
            guard let url = image["image_url"]?["url"]?.string ?? image["image_url"]?.string else { continue }
            events.append(.media(part: parts, Media(url: url)))
            parts += 1
            open = nil
        }
        for (position, tool) in (message["tool_calls"]?.elements ?? message.elements).enumerated() {
            let index = tool["index"]?.integer.flatMap(Int.init(exactly:)) ?? position
            takeCall(tool, tool.present("function"), index, &parts, &events)
        }
        // What was before tools: one call, without an id.
        if let function = message.present("function_call") { takeCall(message, function, -1, &parts, &events) }
        if let signature = message.googleSignature, let part = open?.part ?? lastThought {
            events.append(.signature(part: part, signature))
        }
        takeProofs(message, &parts, &events)
    }

    // MARK: thoughts

    /// Takes thoughts in whichever of the spellings in use; where there are several, they say the same.
    private mutating func takeThoughts(_ message: JSONValue, _ parts: inout Int, _ events: inout [AnswerEvent]) {
        let text = Self.text(message.present("reasoning_content") ?? message.present("reasoning"))
        let blocks = message.present("thinking_blocks") ?? message.present("reasoning_details")
        // A whole answer's blocks have their signatures each; a stream's are repeated after the text, or with it.
        let isInBlocks = blocks?.elements.contains { Self.words(of: $0) != nil } == true
        if let text, isStream || !isInBlocks {
            lastThought = part(.thinking, &parts)
            hasPlainThoughts = true
            events.append(.thinking(part: part(.thinking, &parts), text))
        }
        for block in blocks?.elements ?? message.elements where block.kind == .object {
            if let words = Self.words(of: block), !hasPlainThoughts {
                if !isStream { open = nil }
                lastThought = part(.thinking, &parts)
                events.append(.thinking(part: part(.thinking, &parts), words))
            }
            if let signature = Self.text(block["signature"]) {
                let part = lastThought ?? part(.thinking, &parts)
                events.append(.signature(part: part, signature))
                // Thoughts that follow are others.
                if open?.part == part { open = nil }
            }
            if block["type"]?.isString("redacted_thinking") == true, let data = Self.text(block["data"]) {
                redact(data, &parts, &events)
            }
        }
    }

    /// Takes proofs that OpenRouter gives apart: those of a call, by its id, are the call's.
    private mutating func takeProofs(_ message: JSONValue, _ parts: inout Int, _ events: inout [AnswerEvent]) {
        for detail in message["reasoning_details"]?.elements ?? message.elements {
            guard detail["type"]?.isString("reasoning.encrypted") == true, let data = Self.text(detail["data"]) else {
                continue
            }
            if let part = detail["id"]?.string.flatMap({ callParts[$0] }) {
                events.append(.signature(part: part, data))
            } else {
                redact(data, &parts, &events)
            }
        }
    }

    private mutating func redact(_ data: String, _ parts: inout Int, _ events: inout [AnswerEvent]) {
        events.append(.redactedThinking(part: parts, data))
        parts += 1
        open = nil
    }

    /// The text of a block of thinking, Anthropic's or OpenRouter's.
    private static func words(of block: JSONValue) -> String? {
        text(block["thinking"]) ?? text(block["text"]) ?? text(block["summary"])
    }

    // MARK: content

    /// Takes a message's content: a string, or parts as Mistral's reasoning models send them.
    private mutating func takeContent(
        _ content: JSONValue,
        _ kind: Kind,
        _ parts: inout Int,
        _ events: inout [AnswerEvent]
    ) {
        if let text = Self.text(content) { append(text, kind, &parts, &events) }
        for piece in content.elements {
            if let text = Self.text(piece) {
                append(text, .text, &parts, &events)
                continue
            }
            switch piece["type"]?.string {
            case "thinking":
                let text = piece["thinking"]?.joinedTexts ?? ""
                if !text.isEmpty { append(text, .thinking, &parts, &events) }
            case "text", "output_text":
                if let text = Self.text(piece["text"]) { append(text, .text, &parts, &events) }
            case "refusal":
                if let text = Self.text(piece["refusal"]) { append(text, .refusal, &parts, &events) }
            default:
                events.append(.native(part: parts, .openai, piece.rawJSON))
                parts += 1
                open = nil
            }
        }
    }

    private mutating func append(_ text: String, _ kind: Kind, _ parts: inout Int, _ events: inout [AnswerEvent]) {
        let part = part(kind, &parts)
        switch kind {
        case .thinking:
            lastThought = part
            events.append(.thinking(part: part, text))
        case .refusal:
            events.append(.refusal(part: part, text))
        case .text, .audio:
            lastText = part
            length += text.unicodeScalars.count
            events.append(.text(part: part, text))
        }
    }

    /// Takes a page that the text draws on, nested as OpenAI writes it or flat.
    private mutating func cite(_ annotation: JSONValue, _ parts: inout Int, _ events: inout [AnswerEvent]) {
        let page = annotation.present("url_citation") ?? annotation
        guard let url = page["url"]?.string else { return }
        let part = lastText ?? part(.text, &parts)
        var citation = Citation(
            url: url,
            title: page["title"]?.string,
            dialect: .openai,
            raw: annotation.rawJSON
        )
        citation.quote = page["content"]?.string
        // Places are counted over all of the message's text.
        if let start = page["start_index"]?.integer, let end = page["end_index"]?.integer,
            Int64(textStart) <= start, start < end, end <= Int64(length)
        {
            citation.range = Int(start) - textStart..<Int(end) - textStart
        }
        events.append(.citation(part: part, citation))
    }

    private mutating func takeLogprobs(_ json: JSONValue, _ parts: inout Int, _ events: inout [AnswerEvent]) {
        for (key, kind) in [("content" as StaticString, Kind.text), ("refusal", .refusal)] {
            let tokens = json.present(key)?.elements.compactMap { TokenLogprob($0) } ?? []
            if !tokens.isEmpty { events.append(.logprobs(part: part(kind, &parts), tokens)) }
        }
    }

    private mutating func takeCall(
        _ tool: JSONValue,
        _ function: JSONValue?,
        _ index: Int,
        _ parts: inout Int,
        _ events: inout [AnswerEvent]
    ) {
        let part: Int
        let id = index < 0 ? "" : tool["id"]?.string ?? ""
        // Some servers number no calls, or all of them 0: another id with a name begins another call.
        let isOther = !id.isEmpty && Self.text(function?["name"]) != nil && callParts[id] != calls[index]
        if let known = calls[index], !isOther {
            part = known
        } else {
            part = parts
            parts += 1
            open = nil
            calls[index] = part
            callParts[id] = part
            events.append(.toolCall(part: part, id: id, name: function?["name"]?.string ?? ""))
        }
        if index >= 0, let signature = tool.googleSignature {
            events.append(.signature(part: part, signature))
        }
        if let piece = Self.text(function?["arguments"]) { events.append(.toolArguments(part: part, piece)) }
    }

    /// The part that goes on, or a new one where the kind has changed.
    private mutating func part(_ kind: Kind, _ parts: inout Int) -> Int {
        if let open, open.kind == kind { return open.part }
        let part = parts
        parts += 1
        open = (kind, part)
        if kind == .text { textStart = length }
        return part
    }

    private static func text(_ json: JSONValue?) -> String? {
        json?.string.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func reason(_ word: String) -> StopReason {
        switch word {
        case "length": .outputLimit
        case "model_length", "model_context_window_exceeded": .contextLimit
        case "tool_calls", "function_call": .toolCalls
        // Zhipu's word is the second.
        case "content_filter", "sensitive": .refusal
        default: .complete
        }
    }

    /// Words by which a provider says that it could not go on: OpenRouter's and Mistral's, DeepSeek's, Zhipu's, and that
    /// of servers of one's own.
    private static let failures: Set<String> = ["error", "insufficient_system_resource", "network_error", "abort"]
}

extension Media {
    /// What is behind a URL; a `data:` URL in base64 (RFC 2397) is its bytes.
    init(url: String) {
        let marker = ";base64,"
        guard url.hasPrefix("data:"), let comma = url.firstIndex(of: ","),
            url[...comma].hasSuffix(marker)
        else {
            self = .url(url)
            return
        }
        let type = url[..<comma].dropFirst(5).prefix { $0 != ";" }
        self = .base64(type: String(type), data: String(url[url.index(after: comma)...]))
    }

    /// The URL, which for bytes holds them.
    var url: String { addressOrData ?? "" }
}
