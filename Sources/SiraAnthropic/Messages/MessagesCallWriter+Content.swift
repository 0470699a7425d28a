internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension MessagesCallWriter {
    /// Writes the value of `content` or `system`: a string where it is one plain text, else a list of blocks.
    mutating func writeContent(_ parts: [Part], into json: inout JSONWriter) {
        if parts.count == 1, parts[0].cacheMark == nil, case .text(let text) = parts[0].content {
            json.element(text)
            return
        }
        json.array {
            for part in parts { writeBlock(part, into: &$0) }
        }
    }

    private mutating func writeBlock(_ part: Part, into json: inout JSONWriter) {
        if case .native(_, let block) = part.content {
            json.element(block)
            return
        }
        json.object {
            writeMembers(of: part, into: &$0)
            writeMark(part.cacheMark, into: &$0)
        }
    }

    private mutating func writeMembers(of part: Part, into json: inout JSONWriter) {
        switch part.content {
        case .text(let text), .refusal(let text):
            json.member("type", "text")
            json.member("text", text)
        case .image(let media, let detail):
            if let detail, detail != "auto" { dropped.append(call.path(of: .imageDetail, in: part)) }
            json.member("type", "image")
            json.key("source")
            writeSource(media, part.path, into: &json)
        case .document(let document):
            json.member("type", "document")
            writeDocument(document, part.path, into: &json)
        case .toolCall(let tool):
            if tool.signature != nil { dropped.append(call.path(of: .callSignature, in: part)) }
            json.member("type", "tool_use")
            json.member("id", Self.identifier(tool.id))
            json.member("name", tool.name)
            json.member("input", input(of: tool, part))
        case .toolResult(let result):
            json.member("type", "tool_result")
            json.member("tool_use_id", Self.identifier(result.callID))
            let parts = result.parts.filter(\.saysSomething)
            if let part = parts.first(where: { !$0.isResult }) {
                refuse(.unsupportedFeature, "A tool's result cannot hold such a part here.", field: part.path)
            } else if !parts.isEmpty {
                json.key("content")
                writeContent(parts, into: &json)
            }
            if result.isError { json.member("is_error", true) }
        case .thinking(let thought):
            json.member("type", "thinking")
            json.member("thinking", thought.text)
            json.member("signature", thought.signature ?? "")
        case .redactedThinking(let data):
            json.member("type", "redacted_thinking")
            json.member("data", data)
        case .audio, .native:
            break  // refused while the conversation was laid out; written whole
        }
    }

    private mutating func writeDocument(_ document: Document, _ path: String, into json: inout JSONWriter) {
        json.key("source")
        switch document.source {
        case .text(let text):
            writeTextSource(text, into: &json)
        case .media(let media):
            writeSource(media, path, into: &json)
        }
        if let name = document.name { json.member("title", name) }
        if let context = document.context { json.member("context", context) }
        if document.isCited { json.object("citations") { $0.member("enabled", true) } }
    }

    private func writeTextSource(_ text: String, into json: inout JSONWriter) {
        json.object {
            $0.member("type", "text")
            $0.member("media_type", "text/plain")
            $0.member("data", text)
        }
    }

    private mutating func writeSource(_ media: Media, _ path: String, into json: inout JSONWriter) {
        json.object {
            switch media {
            case .url(let url):
                $0.member("type", "url")
                $0.member("url", url)
            case .base64(let type, let data):
                $0.member("type", "base64")
                $0.member("media_type", type)
                $0.member("data", data)
            case .file:
                refuse(
                    .unsupportedFeature,
                    "A file's id means nothing to another provider; send the file's data.",
                    field: path
                )
            }
        }
    }

    /// A call's arguments as the object that they must be.
    ///
    /// What a model wrote wrongly goes back to it under a name that says so, as Anthropic advises for broken input, and
    /// is named.
    private mutating func input(of tool: ToolCall, _ part: Part) -> RawJSON {
        let text = Array(tool.arguments.utf8)
        guard !text.isEmpty else { return RawJSON("{}") }
        let isObject = try? indexer.read(text) { $0.kind == .object }
        if isObject == true { return RawJSON(bytes: text) }
        dropped.append(call.path(of: .callArguments, in: part))
        var json = JSONWriter()
        json.object { $0.member("INVALID_JSON", tool.arguments) }
        return RawJSON(bytes: json.bytes)
    }

    /// A call's id in the letters that Anthropic allows; other protocols allow any.
    private static func identifier(_ id: String) -> String {
        let isPlain = id.utf8.allSatisfy(\.isIdentifier)
        return isPlain ? id : String(decoding: id.utf8.map { $0.isIdentifier ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
    }
}

extension UInt8 {
    fileprivate var isIdentifier: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

extension Part {
    /// Whether it may stand in the result of a tool.
    fileprivate var isResult: Bool {
        switch content {
        case .text, .refusal, .image, .document, .native(.anthropic, _): true
        case .audio, .toolCall, .toolResult, .thinking, .redactedThinking, .native: false
        }
    }

    fileprivate var saysSomething: Bool {
        if case .text(let text) = content { !text.isEmpty } else { true }
    }
}
