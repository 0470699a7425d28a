internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Reads content blocks that clients send.
enum MessagesContent {
    /// Reads a string or a list of blocks.
    static func parts(_ content: JSONValue, path: String) throws(GatewayError) -> [Part] {
        if let text = content.string { return [Part(.text(text), path: path)] }
        guard content.kind == .array else {
            throw GatewayError(.invalidField, "\"content\" must be a string or a list of blocks.", field: path)
        }
        var parts: [Part] = []
        for (index, block) in content.elements.enumerated() {
            let blockPath = "\(path)[\(index)]"
            var part = Part(try read(block, blockPath), path: blockPath, cacheMark: mark(block))
            // What is said of a search result is where it comes from.
            if block["type"]?.isString("search_result") == true { part.paths[.documentContext] = blockPath + ".source" }
            parts.append(part)
        }
        return parts
    }

    static func mark(_ block: JSONValue) -> CacheMark? {
        guard let control = block.present("cache_control") else { return nil }
        return control["ttl"]?.isString("1h") == true ? .long : .short
    }

    /// The names of what the blocks of `content` say and a ``Part`` has no place for.
    ///
    /// Blocks that only Anthropic has are carried whole, and refused or named as such.
    static func unknownMembers(of content: JSONValue, path: String) -> [String] {
        content.elements.flatMap { block -> [String] in
            guard let known = knownMembers(of: block["type"]?.string) else { return [] }
            // A search result's source is a text.
            let source = block["source"]?.members(
                beyond: ["type", "media_type", "data", "url", "file_id", "content"],
                path: path + ".source"
            )
            let isResult = block["type"]?.isString("tool_result") == true
            let nested = isResult ? block["content"].map { unknownMembers(of: $0, path: path + ".content[]") } : nil
            return block.members(beyond: known + ["type", "cache_control"], path: path) + (source ?? [])
                + (nested ?? [])
        }
    }

    private static func knownMembers(of type: String?) -> [StaticString]? {
        switch type {
        case "text": ["text"]
        case "image": ["source"]
        case "document": ["source", "title", "context", "citations"]
        case "search_result": ["source", "title", "content", "citations"]
        case "thinking": ["thinking", "signature"]
        case "redacted_thinking": ["data"]
        case "tool_use": ["id", "name", "input"]
        case "tool_result": ["tool_use_id", "content", "is_error"]
        default: nil
        }
    }

    private static func read(_ block: JSONValue, _ path: String) throws(GatewayError) -> PartContent {
        switch block["type"]?.string {
        case "text":
            return .text(try string(block, "text", path))
        case "image":
            return .image(try media(block["source"], path + ".source"), detail: nil)
        case "document":
            return try document(block, path)
        case "thinking":
            let signature = block["signature"]?.string ?? ""
            let text = block["thinking"]?.string ?? ""
            return .thinking(Thought(text: text, signature: signature.isEmpty ? nil : signature))
        case "redacted_thinking":
            return .redactedThinking(block["data"]?.string ?? "")
        case "tool_use":
            return .toolCall(
                ToolCall(
                    id: try string(block, "id", path),
                    name: try string(block, "name", path),
                    arguments: block["input"]?.rawJSON.description ?? "{}"
                )
            )
        case "tool_result":
            let content = block.present("content")
            let parts = if let content { try Self.parts(content, path: path + ".content") } else { [Part]() }
            let isError = block["is_error"]?.bool ?? false
            return .toolResult(
                ToolResult(callID: try string(block, "tool_use_id", path), parts: parts, isError: isError)
            )
        case "search_result":
            return try searchResult(block, path)
        case nil:
            throw GatewayError(.invalidField, "Each block must say its \"type\".", field: path + ".type")
        default:
            return .native(.anthropic, block.rawJSON)
        }
    }

    private static func string(
        _ block: JSONValue,
        _ key: StaticString,
        _ path: String
    ) throws(GatewayError) -> String {
        guard let text = block[key]?.string else {
            throw GatewayError(.invalidField, "The block needs \"\(key)\", a string.", field: "\(path).\(key)")
        }
        return text
    }

    private static func document(_ block: JSONValue, _ path: String) throws(GatewayError) -> PartContent {
        guard let source = block.present("source") else {
            throw GatewayError(.invalidField, "A document needs \"source\".", field: path + ".source")
        }
        let content: Document.Source
        switch source["type"]?.string {
        case "text":
            content = .text(try string(source, "data", path + ".source"))
        case "content":
            guard let texts = source.present("content").flatMap(texts) else {
                return .native(.anthropic, block.rawJSON)
            }
            content = .text(texts)
        default:
            content = .media(try media(source, path + ".source"))
        }
        var document = Document(source: content, name: block.present("title")?.string)
        // What is at a document's address is a PDF.
        if case .media(.url) = content { document.type = "application/pdf" }
        document.context = block.present("context")?.string
        document.isCited = block["citations"]?["enabled"]?.bool == true
        return .document(document)
    }

    /// Reads what a client's own search has found: a document of that title, whose source is said beside it.
    private static func searchResult(_ block: JSONValue, _ path: String) throws(GatewayError) -> PartContent {
        guard let texts = block.present("content").flatMap(texts) else {
            throw GatewayError(.invalidField, "A search result needs \"content\".", field: path + ".content")
        }
        var document = Document(source: .text(texts), name: block["title"]?.string)
        document.context = block["source"]?.string
        document.isCited = block["citations"]?["enabled"]?.bool == true
        return .document(document)
    }

    /// A string, or blocks of text, as one text; nil when there are other blocks.
    private static func texts(_ content: JSONValue) -> String? {
        if let text = content.string { return text }
        var texts: [String] = []
        for block in content.elements {
            guard block["type"]?.isString("text") == true, let text = block["text"]?.string else { return nil }
            texts.append(text)
        }
        return texts.joined(separator: "\n\n")
    }

    private static func media(_ source: JSONValue?, _ path: String) throws(GatewayError) -> Media {
        guard let source else { throw GatewayError(.invalidField, "The block needs \"source\".", field: path) }
        switch source["type"]?.string {
        case "base64":
            return .base64(type: try string(source, "media_type", path), data: try string(source, "data", path))
        case "url": return .url(try string(source, "url", path))
        case "file": return .file(id: try string(source, "file_id", path))
        default:
            throw GatewayError(.invalidField, "\"type\" must be base64, url or file.", field: path + ".type")
        }
    }
}
