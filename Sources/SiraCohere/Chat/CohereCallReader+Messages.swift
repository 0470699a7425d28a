internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension CohereCallReader {
    mutating func readMessages(_ messages: JSONValue) throws(GatewayError) {
        for (index, message) in messages.elements.enumerated() {
            let path = "messages[\(index)]"
            switch message["role"]?.string {
            case "system": try readSpoken(message, .instructions, path)
            case "user": try readSpoken(message, .user, path)
            case "assistant": try readAssistant(message, path)
            case "tool": try readResult(message, path)
            default:
                throw GatewayError(
                    .invalidField,
                    "\"role\" must be system, user, assistant or tool.",
                    field: path + ".role"
                )
            }
        }
    }

    private mutating func readSpoken(_ message: JSONValue, _ role: Turn.Role, _ path: String) throws(GatewayError) {
        call.extras += message.members(beyond: ["role", "content"], path: "messages[]")
        guard message.present("content") != nil else {
            throw GatewayError(.invalidField, "The message needs \"content\".", field: path + ".content")
        }
        call.turns.append(Turn(role: role, parts: try readContent(message, path), path: path))
    }

    private mutating func readAssistant(_ message: JSONValue, _ path: String) throws(GatewayError) {
        call.extras += message.members(beyond: ["role", "content", "tool_plan", "tool_calls"], path: "messages[]")
        var parts: [Part] = []
        if let plan = message.present("tool_plan")?.string, !plan.isEmpty {
            parts.append(Part(.thinking(Thought(text: plan, signature: nil)), path: path + ".tool_plan"))
        }
        parts += try readContent(message, path)
        for (index, tool) in (message.present("tool_calls")?.elements ?? message.elements).enumerated() {
            parts.append(try readCall(tool, "\(path).tool_calls[\(index)]"))
        }
        call.turns.append(Turn(role: .assistant, parts: parts, path: path))
    }

    private mutating func readCall(_ json: JSONValue, _ path: String) throws(GatewayError) -> Part {
        call.extras += json.members(beyond: ["id", "type", "function"], path: "messages[].tool_calls[]")
        guard let id = json["id"]?.string, !id.isEmpty else {
            throw GatewayError(.invalidField, "A tool call needs an id.", field: path + ".id")
        }
        guard let function = json.present("function"), let name = function["name"]?.string, !name.isEmpty else {
            throw GatewayError(
                .invalidField,
                "A tool call needs the name of its function.",
                field: path + ".function.name"
            )
        }
        calledNames[id] = name
        let arguments = function["arguments"].map { $0.string ?? $0.rawJSON.description } ?? ""
        return Part(.toolCall(ToolCall(id: id, name: name, arguments: arguments)), path: path)
    }

    private mutating func readResult(_ message: JSONValue, _ path: String) throws(GatewayError) {
        call.extras += message.members(beyond: ["role", "content", "tool_call_id"], path: "messages[]")
        guard let id = message["tool_call_id"]?.string, !id.isEmpty else {
            throw GatewayError(
                .invalidField,
                "A tool's message says in \"tool_call_id\" which call it answers.",
                field: path + ".tool_call_id"
            )
        }
        var result = ToolResult(callID: id, parts: try readContent(message, path))
        result.name = calledNames[id]
        call.turns.append(Turn(role: .user, parts: [Part(.toolResult(result), path: path)], path: path))
    }

    /// Reads a message's `content`, a string or a list of parts.
    private mutating func readContent(_ message: JSONValue, _ path: String) throws(GatewayError) -> [Part] {
        let path = path + ".content"
        guard let content = message.present("content") else { return [] }
        if let text = content.string { return [Part(.text(text), path: path)] }
        guard content.kind == .array else {
            throw GatewayError(.invalidField, "\"content\" must be a string or a list of parts.", field: path)
        }
        var parts: [Part] = []
        for (index, part) in content.elements.enumerated() {
            let path = "\(path)[\(index)]"
            parts.append(Part(try readPart(part, path), path: path))
        }
        return parts
    }

    private mutating func readPart(_ part: JSONValue, _ path: String) throws(GatewayError) -> PartContent {
        if let text = part.string { return .text(text) }
        let members: [StaticString] = ["type", "text", "thinking", "image_url", "document"]
        call.extras += part.members(beyond: members, path: "messages[].content[]")
        switch part["type"]?.string {
        case "text": return .text(try Self.string(part, "text", path))
        case "thinking":
            return .thinking(Thought(text: try Self.string(part, "thinking", path), signature: nil))
        case "image_url":
            let image = part["image_url"]
            call.extras += image?.members(beyond: ["url", "detail"], path: "messages[].content[].image_url") ?? []
            guard let url = image?.string ?? image?["url"]?.string else {
                throw GatewayError(.invalidField, "An image needs a url.", field: path + ".image_url.url")
            }
            return .image(try Self.media(url, path + ".image_url.url"), detail: image?.present("detail")?.string)
        case "document":
            // A tool's document is its result, which other protocols have as text: with its id, should that be said.
            guard let document = part.present("document") else {
                throw GatewayError(.invalidField, "The part needs \"document\".", field: path + ".document")
            }
            let isNamed = document.present("id") != nil
            let data = isNamed ? document : document.present("data") ?? document
            return .text(data.string ?? data.rawJSON.description)
        case let type:
            throw GatewayError(
                type == nil ? .invalidField : .unsupportedFeature,
                type.map { "Parts of type \"\($0)\" cannot be sent to this model." }
                    ?? "Each part must say its \"type\".",
                field: path + ".type"
            )
        }
    }

    private static func string(_ part: JSONValue, _ key: StaticString, _ path: String) throws(GatewayError) -> String {
        guard let text = part[key]?.string else {
            throw GatewayError(.invalidField, "The part needs \"\(key)\", a string.", field: "\(path).\(key)")
        }
        return text
    }

    /// Reads a URL; a `data:` URL (RFC 2397) becomes its bytes, which must be in base64.
    private static func media(_ url: String, _ path: String) throws(GatewayError) -> Media {
        guard url.hasPrefix("data:") else {
            guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
                throw GatewayError(.invalidField, "The URL must begin with https:, http: or data:.", field: path)
            }
            return .url(url)
        }
        guard let comma = url.firstIndex(of: ","), url[..<comma].hasSuffix(";base64") else {
            throw GatewayError(.invalidField, "The data URL's data must be in base64.", field: path)
        }
        let type = url[..<comma].dropFirst(5).prefix { $0 != ";" }.lowercased()
        return .base64(type: type == "image/jpg" ? "image/jpeg" : type, data: String(url[url.index(after: comma)...]))
    }
}
