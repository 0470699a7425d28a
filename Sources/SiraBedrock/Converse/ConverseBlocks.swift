internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Reads the content blocks of a whole answer.
enum ConverseBlocks {
    static func take(_ block: JSONValue, _ index: Int, _ events: inout [AnswerEvent]) {
        if let text = block.present("text")?.string {
            if !text.isEmpty { events.append(.text(part: index, text)) }
        } else if let tool = block.present("toolUse"), !isRunByProvider(tool) {
            takeCall(tool, index, &events)
        } else if let reasoning = block.present("reasoningContent") {
            take(reasoning: reasoning.present("reasoningText") ?? reasoning, index, &events)
        } else if let cited = block.present("citationsContent") {
            let text = (cited["content"]?.elements ?? cited.elements).compactMap { $0["text"]?.string }.joined()
            if !text.isEmpty { events.append(.text(part: index, text)) }
            for citation in cited["citations"]?.elements ?? cited.elements { cite(citation, index, &events) }
        } else if let image = block.present("image"), let data = image["source"]?["bytes"]?.string {
            let type = "image/" + (image["format"]?.string ?? "png")
            events.append(.media(part: index, .base64(type: type, data: data)))
        } else {
            events.append(.native(part: index, .bedrock, block.rawJSON))
        }
    }

    /// Whether a call is one that Amazon answers by itself.
    static func isRunByProvider(_ tool: JSONValue) -> Bool { tool["type"]?.isString("server_tool_use") == true }

    private static func takeCall(_ tool: JSONValue, _ index: Int, _ events: inout [AnswerEvent]) {
        let id = tool["toolUseId"]?.string ?? ""
        events.append(.toolCall(part: index, id: id, name: tool["name"]?.string ?? ""))
        events.append(.toolArguments(part: index, tool.present("input")?.rawJSON.description ?? "{}"))
    }

    /// Takes thoughts, of a whole answer or a piece of one.
    static func take(reasoning json: JSONValue, _ index: Int, _ events: inout [AnswerEvent]) {
        if let text = json["text"]?.string, !text.isEmpty { events.append(.thinking(part: index, text)) }
        if let signature = json["signature"]?.string, !signature.isEmpty {
            events.append(.signature(part: index, signature))
        }
        if let blob = json["redactedContent"]?.string {
            events.append(.redactedThinking(part: index, RedactedThought.data(of: blob)))
        }
    }

    static func cite(_ json: JSONValue, _ index: Int, _ events: inout [AnswerEvent]) {
        guard json.kind == .object else { return }
        let location = json.present("location")
        var citation = Citation(
            url: location?["web"]?["url"]?.string ?? location?["url"]?.string,
            title: json["title"]?.string,
            dialect: .bedrock,
            raw: json.rawJSON
        )
        let quote = json["sourceContent"]?.elements.compactMap { $0["text"]?.string }.joined()
        citation.quote = quote.flatMap { $0.isEmpty ? nil : $0 }
        for kind: StaticString in ["documentChar", "documentPage", "documentChunk"] {
            guard let number = location?[kind]?["documentIndex"]?.integer else { continue }
            citation.document = Int(exactly: number).flatMap { $0 < 0 ? nil : $0 }
        }
        events.append(.citation(part: index, citation))
    }
}

/// A content block of a stream whose end has not come.
struct OpenConverseBlock {
    private enum Kind {
        case plain
        case toolCall(hasInput: Bool)
        /// A tool that Amazon runs: its use, and the input so far.
        case ownTool(head: RawJSON, input: String)
        /// The result of such a tool, and its contents so far.
        case ownResult(head: RawJSON, contents: [RawJSON])
        /// A picture in base 64, so far.
        case image(type: String, data: String)
    }

    private var kind = Kind.plain

    mutating func open(_ start: JSONValue, _ index: Int, _ events: inout [AnswerEvent]) {
        if let tool = start.present("toolUse") {
            guard !ConverseBlocks.isRunByProvider(tool) else {
                kind = .ownTool(head: tool.rawJSON, input: "")
                return
            }
            let id = tool["toolUseId"]?.string ?? ""
            events.append(.toolCall(part: index, id: id, name: tool["name"]?.string ?? ""))
            kind = .toolCall(hasInput: false)
        } else if let result = start.present("toolResult") {
            kind = .ownResult(head: result.rawJSON, contents: [])
        } else if let image = start.present("image") {
            kind = .image(type: "image/" + (image["format"]?.string ?? "png"), data: "")
        }
    }

    mutating func take(_ delta: JSONValue, _ index: Int, _ events: inout [AnswerEvent]) {
        if let text = delta.present("text")?.string {
            if !text.isEmpty { events.append(.text(part: index, text)) }
        } else if let piece = delta.present("toolUse")?["input"]?.string {
            guard !piece.isEmpty else { return }
            if case .ownTool(let head, let input) = kind {
                kind = .ownTool(head: head, input: input + piece)
            } else {
                kind = .toolCall(hasInput: true)
                events.append(.toolArguments(part: index, piece))
            }
        } else if let reasoning = delta.present("reasoningContent") {
            ConverseBlocks.take(reasoning: reasoning, index, &events)
        } else if let citation = delta.present("citation") {
            ConverseBlocks.cite(citation, index, &events)
        } else if let contents = delta.present("toolResult") {
            guard case .ownResult(let head, let earlier) = kind else { return }
            kind = .ownResult(head: head, contents: earlier + contents.elements.map(\.rawJSON))
        } else if let data = delta.present("image")?["source"]?["bytes"]?.string {
            guard case .image(let type, let earlier) = kind else { return }
            kind = .image(type: type, data: earlier + data)
        }
    }

    /// Appends what is known only at the block's end.
    func close(_ index: Int, _ events: inout [AnswerEvent]) {
        switch kind {
        case .plain, .toolCall(hasInput: true): break
        case .toolCall(hasInput: false): events.append(.toolArguments(part: index, "{}"))
        case .image(let type, let data): events.append(.media(part: index, .base64(type: type, data: data)))
        case .ownTool(let head, let input):
            let value = RawJSON(input.isEmpty ? "{}" : input)
            events.append(.native(part: index, .bedrock, Self.block("toolUse", head, "input", value)))
        case .ownResult(let head, let contents):
            var list = JSONWriter()
            list.array { for content in contents { $0.element(content) } }
            let value = RawJSON(bytes: list.bytes)
            events.append(.native(part: index, .bedrock, Self.block("toolResult", head, "content", value)))
        }
    }

    /// A block of `head`, an object, with one more member.
    private static func block(_ kind: StaticString, _ head: RawJSON, _ key: String, _ value: RawJSON) -> RawJSON {
        var bytes = Array("{\"\(kind)\":".utf8) + head.bytes.dropLast()
        if head.bytes.dropFirst().dropLast().contains(where: { $0 > 0x20 }) { bytes.append(UInt8(ascii: ",")) }
        bytes += "\"\(key)\":".utf8
        bytes += value.bytes
        bytes += "}}".utf8
        return RawJSON(bytes: bytes)
    }
}
