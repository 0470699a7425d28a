internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension ChatCallReader {
    mutating func readMessages(_ messages: JSONValue) throws(GatewayError) {
        for (index, message) in messages.elements.enumerated() {
            let path = "messages[\(index)]"
            call.extras += message.members(beyond: Self.messageMembers, path: "messages[]")
            switch message["role"]?.string {
            case "system", "developer": try readSpoken(message, .instructions, path)
            case "user": try readSpoken(message, .user, path)
            case "assistant": try readAssistant(message, path)
            case "tool", "function": try readResult(message, path)
            default:
                throw GatewayError(
                    .invalidField,
                    "\"role\" must be system, developer, user, assistant or tool.",
                    field: path + ".role"
                )
            }
            if message.present("name") != nil, message["role"]?.isString("function") == false {
                call.extras.append(path + ".name")
            }
        }
    }

    private static let messageMembers: [StaticString] = [
        "role", "content", "name", "refusal", "audio", "tool_calls", "tool_call_id", "function_call", "is_error",
        "thinking_blocks", "reasoning_content", "reasoning", "reasoning_signature", "cache_control",
        "prompt_cache_breakpoint",
    ]

    private mutating func readSpoken(
        _ message: JSONValue,
        _ role: Turn.Role,
        _ path: String
    ) throws(GatewayError) {
        let parts = try readContent(message, path, isRequired: true)
        call.turns.append(Turn(role: role, parts: parts, path: path))
    }

    private mutating func readAssistant(_ message: JSONValue, _ path: String) throws(GatewayError) {
        var parts = readThoughts(message, path)
        parts += try readContent(message, path, isRequired: false)
        if let refusal = message.present("refusal")?.string, !refusal.isEmpty {
            parts.append(Part(.refusal(refusal), path: path + ".refusal"))
        }
        if message.present("audio") != nil {
            call.extras.append(path + ".audio")
        }
        if let calls = message.present("tool_calls") {
            for (index, tool) in calls.elements.enumerated() {
                parts.append(try readToolCall(tool, "\(path).tool_calls[\(index)]"))
            }
        }
        if let function = message.present("function_call"), let name = function["name"]?.string {
            let id = "call_\(call.turns.count)"
            functionCalls[name] = id
            let arguments = function["arguments"]?.string ?? ""
            parts.append(
                Part(.toolCall(ToolCall(id: id, name: name, arguments: arguments)), path: path + ".function_call")
            )
        }
        call.turns.append(Turn(role: .assistant, parts: parts, path: path))
    }

    private mutating func readToolCall(_ json: JSONValue, _ path: String) throws(GatewayError) -> Part {
        call.extras += json.members(
            beyond: ["id", "index", "type", "function", "cache_control", "prompt_cache_breakpoint"],
            path: "messages[].tool_calls[]"
        )
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
        let arguments = function["arguments"].map { $0.string ?? $0.rawJSON.description } ?? ""
        return Part(
            .toolCall(ToolCall(id: id, name: name, arguments: arguments)),
            path: path,
            cacheMark: json.cacheMark
        )
    }

    private mutating func readResult(_ message: JSONValue, _ path: String) throws(GatewayError) {
        let name = message["name"]?.string
        guard let id = message["tool_call_id"]?.string ?? name.flatMap({ functionCalls[$0] }), !id.isEmpty else {
            throw GatewayError(
                .invalidField,
                "A tool's message says in \"tool_call_id\" which call it answers.",
                field: path + ".tool_call_id"
            )
        }
        var parts = try readContent(message, path, isRequired: false)
        let mark = parts.lazy.compactMap(\.cacheMark).first
        for index in parts.indices { parts[index].cacheMark = nil }
        let result = ToolResult(callID: id, parts: parts, isError: message["is_error"]?.bool ?? false)
        call.turns.append(
            Turn(role: .user, parts: [Part(.toolResult(result), path: path, cacheMark: mark)], path: path)
        )
    }

    /// Reads what the assistant thought, in the spellings in use: blocks with their signatures (as this gateway
    /// gives them), or one text with or without a signature beside it.
    private mutating func readThoughts(_ message: JSONValue, _ path: String) -> [Part] {
        if let blocks = message.present("thinking_blocks"), blocks.kind == .array {
            return blocks.elements.enumerated().compactMap { index, block in
                Self.thought(block).map { Part($0, path: "\(path).thinking_blocks[\(index)]") }
            }
        }
        let spelling = message.present("reasoning_content") == nil ? "reasoning" : "reasoning_content"
        let text = (message.present("reasoning_content") ?? message.present("reasoning"))?.string ?? ""
        let signature = message.present("reasoning_signature")
        guard !text.isEmpty else {
            // A signature without its text proves nothing to any provider.
            if signature != nil {
                call.extras.append(path + ".reasoning_signature")
            }
            return []
        }
        return [Part(.thinking(Thought(text: text, signature: signature?.string)), path: "\(path).\(spelling)")]
    }

    /// Reads a block of thinking as Anthropic writes it; nil when it is none.
    static func thought(_ block: JSONValue) -> PartContent? {
        switch block["type"]?.string {
        case "thinking":
            .thinking(Thought(text: block["thinking"]?.joinedTexts ?? "", signature: block["signature"]?.string))
        case "redacted_thinking": .redactedThinking(block["data"]?.string ?? "")
        default: nil
        }
    }
}
