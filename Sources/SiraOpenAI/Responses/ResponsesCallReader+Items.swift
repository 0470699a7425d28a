internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension ResponsesCallReader {
    /// Reads `input`: a string, which the user says, or a list of items.
    mutating func readInput(_ input: JSONValue) throws(GatewayError) {
        if let text = input.string {
            call.turns.append(Turn(role: .user, parts: [Part(.text(text), path: "input")], path: "input"))
            return
        }
        guard input.kind == .array else {
            throw GatewayError(.invalidField, "\"input\" must be a string or a list of items.", field: "input")
        }
        for (index, item) in input.elements.enumerated() { try readItem(item, "input[\(index)]") }
    }

    private mutating func readItem(_ item: JSONValue, _ path: String) throws(GatewayError) {
        let type = item["type"]?.string ?? (item["role"] == nil ? nil : "message")
        switch type {
        case "message":
            try readMessage(item, path)
        case "function_call", "custom_tool_call", "tool_search_call":
            var part = Part(.toolCall(try readCall(item, path)), path: path)
            if item["input"]?.string != nil { part.paths[.callArguments] = path + ".input" }
            add(part, to: .assistant)
        case "function_call_output", "custom_tool_call_output", "tool_search_output":
            add(Part(.toolResult(try readResult(item, path)), path: path), to: .user)
        case "reasoning":
            readReasoningItem(item, path)
        case "item_reference":
            throw GatewayError(
                .unsupportedFeature,
                "The item is kept by another provider than this model's: send it in full.",
                field: path
            )
        case let type?:
            // What a client gives to a tool, or answers, comes from its side; the rest is the model's.
            let isResult = type.hasSuffix("_output") || type.hasSuffix("_response")
            add(Part(.native(.responses, item.rawJSON), path: path), to: isResult ? .user : .assistant)
        case nil:
            throw GatewayError(.invalidField, "Each item must say its \"type\" or its \"role\".", field: path + ".type")
        }
    }

    /// Adds a part to the turn that it belongs to: what the assistant thinks, says and calls is one turn, and so are
    /// results that follow one another.
    private mutating func add(_ part: Part, to role: Turn.Role) {
        if let last = call.turns.last, last.role == role, role == .assistant || last.isOfTools {
            call.turns[call.turns.count - 1].parts.append(part)
        } else {
            call.turns.append(Turn(role: role, parts: [part], path: part.path))
        }
    }

    // MARK: messages

    private mutating func readMessage(_ item: JSONValue, _ path: String) throws(GatewayError) {
        call.extras += item.members(beyond: ["type", "role", "content", "id", "status"], path: "input[]")
        let parts = try readContent(item, path + ".content")
        switch item["role"]?.string {
        case "user": call.turns.append(Turn(role: .user, parts: parts, path: path))
        case "system", "developer": call.turns.append(Turn(role: .instructions, parts: parts, path: path))
        case "assistant": for part in parts { add(part, to: .assistant) }
        default:
            throw GatewayError(
                .invalidField,
                "\"role\" must be user, assistant, system or developer.",
                field: path + ".role"
            )
        }
    }

    private mutating func readContent(_ item: JSONValue, _ path: String) throws(GatewayError) -> [Part] {
        guard let content = item.present("content") else {
            throw GatewayError(.invalidField, "The message needs \"content\".", field: path)
        }
        return try readParts(content, path)
    }

    // MARK: tools

    private mutating func readCall(_ item: JSONValue, _ path: String) throws(GatewayError) -> ToolCall {
        call.extras += item.members(
            beyond: ["type", "id", "call_id", "name", "arguments", "input", "status", "execution"],
            path: "input[]"
        )
        let isSearch = item["type"]?.isString("tool_search_call") == true
        guard let name = isSearch ? "tool_search" : item["name"]?.string, !name.isEmpty else {
            throw GatewayError(.invalidField, "The call needs the name of what is called.", field: path + ".name")
        }
        guard let id = (item.present("call_id") ?? item.present("id"))?.string, !id.isEmpty else {
            throw GatewayError(.invalidField, "The call needs a \"call_id\".", field: path + ".call_id")
        }
        if let input = item["input"]?.string {
            return ToolCall(id: id, name: name, arguments: ResponsesCustomTool.arguments(for: input))
        }
        let arguments = item.present("arguments").map { $0.string ?? $0.rawJSON.description }
        return ToolCall(id: id, name: name, arguments: arguments ?? "")
    }

    private mutating func readResult(_ item: JSONValue, _ path: String) throws(GatewayError) -> ToolResult {
        call.extras += item.members(
            beyond: ["type", "id", "call_id", "name", "output", "tools", "status", "execution"],
            path: "input[]"
        )
        guard let id = (item.present("call_id") ?? item.present("id"))?.string, !id.isEmpty else {
            throw GatewayError(
                .invalidField,
                "A result says in \"call_id\" which call it answers.",
                field: path + ".call_id"
            )
        }
        var result = ToolResult(callID: id, parts: [])
        if let output = item.present("output") {
            result.parts = try readParts(output, path + ".output")
        } else if let tools = item.present("tools") {
            // What a search of tools has found is told as it is written.
            result.parts = [Part(.text(tools.rawJSON.description), path: path + ".tools")]
        }
        return result
    }

    // MARK: reasoning

    private mutating func readReasoningItem(_ item: JSONValue, _ path: String) {
        call.extras += item.members(
            beyond: ["type", "id", "summary", "content", "encrypted_content", "status"],
            path: "input[]"
        )
        let summary = Self.texts(item["summary"])
        let text = summary.isEmpty ? Self.texts(item["content"]) : summary
        let seal = item.present("encrypted_content")?.string.map { ResponsesSeal($0) }
        switch seal {
        case .redacted(let data):
            add(Part(.redactedThinking(data), path: path), to: .assistant)
        case .call(let id, let signature):
            sign(call: id, with: signature, path: path)
        case .thought, nil:
            var signature: String?
            // What bears no other maker's name is OpenAI's, who is at home here.
            if case .thought(let proof)? = seal, !proof.isEmpty { signature = ProofMaker.openai.named(proof) }
            guard !text.isEmpty || signature != nil else {
                // The thought itself is with the provider that had it.
                call.extras.append(path)
                return
            }
            add(Part(.thinking(Thought(text: text, signature: signature)), path: path), to: .assistant)
        }
    }

    private static func texts(_ list: JSONValue?) -> String {
        guard let list else { return "" }
        return list.elements.compactMap { $0["text"]?.string }.joined(separator: "\n\n")
    }

    /// Gives the latest call of an id its proof, which stands in the item at `path`.
    private mutating func sign(call id: String, with signature: String, path: String) {
        for turn in call.turns.indices.reversed() {
            for part in call.turns[turn].parts.indices.reversed() {
                guard case .toolCall(var tool) = call.turns[turn].parts[part].content, tool.id == id else { continue }
                tool.signature = signature
                call.turns[turn].parts[part].content = .toolCall(tool)
                call.turns[turn].parts[part].paths[.callSignature] = path + ".encrypted_content"
                return
            }
        }
    }
}

extension Turn {
    /// Whether the turn holds nothing but what tools have given.
    fileprivate var isOfTools: Bool {
        parts.allSatisfy { part in
            switch part.content {
            case .toolResult, .native: true
            default: false
            }
        }
    }
}
