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
            let isResult = ["tool", "function"].contains(message["role"]?.string)
            if !isResult, let name = message.present("name")?.string, !name.isEmpty {
                call.turns[call.turns.count - 1].name = name
            }
        }
    }

    private static let messageMembers: [StaticString] = [
        "role", "content", "name", "refusal", "audio", "tool_calls", "tool_call_id", "function_call", "is_error",
        "thinking_blocks", "reasoning_content", "reasoning", "reasoning_signature", "reasoning_details",
        "extra_content", "cache_control", "prompt_cache_breakpoint",
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
        nameExtraContent(of: message, ["google"], path)
        if let calls = message.present("tool_calls") {
            for (index, tool) in calls.elements.enumerated() {
                parts.append(try readToolCall(tool, "\(path).tool_calls[\(index)]"))
            }
        }
        if let function = message.present("function_call"), let name = function["name"]?.string {
            let id = "call_\(call.turns.count)"
            functionCalls[name] = id
            calledNames[id] = name
            let arguments = function["arguments"]?.string ?? ""
            var part = Part(
                .toolCall(ToolCall(id: id, name: name, arguments: arguments)),
                path: path + ".function_call"
            )
            part.paths[.callArguments] = path + ".function_call.arguments"
            parts.append(part)
        }
        call.turns.append(Turn(role: .assistant, parts: parts, path: path))
    }

    private mutating func readToolCall(_ json: JSONValue, _ path: String) throws(GatewayError) -> Part {
        if json["type"]?.isString("custom") == true {
            // Free text for a tool that is no function: only OpenAI has such.
            return Part(.native(.openai, json.rawJSON), path: path)
        }
        call.extras += json.members(
            beyond: [
                "id", "index", "type", "function", "custom", "extra_content", "cache_control",
                "prompt_cache_breakpoint",
            ],
            path: "messages[].tool_calls[]"
        )
        nameExtraContent(of: json, ["google"], path)
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
        calledNames[id] = name
        var part = Part(
            .toolCall(ToolCall(id: id, name: name, arguments: arguments, signature: json.googleSignature)),
            path: path
        )
        part.takeMark(of: json, at: path)
        return part
    }

    /// Names what stands in `extra_content`, where providers put what OpenAI has no field for, and is not read.
    private mutating func nameExtraContent(of json: JSONValue, _ known: [StaticString], _ path: String) {
        guard let extra = json.present("extra_content") else { return }
        call.extras += extra.members(beyond: known, path: path + ".extra_content")
        call.extras +=
            extra["google"]?.members(beyond: ["thought_signature", "thought"], path: path + ".extra_content.google")
            ?? []
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
        let marked = parts.first { $0.cacheMark != nil }
        for index in parts.indices { parts[index].cacheMark = nil }
        var result = ToolResult(callID: id, parts: parts, isError: message["is_error"]?.bool ?? false)
        result.name = name ?? calledNames[id]
        var part = Part(.toolResult(result), path: path, cacheMark: marked?.cacheMark)
        part.paths[.cacheMark] = marked?.paths[.cacheMark]
        call.turns.append(Turn(role: .user, parts: [part], path: path))
    }

    /// Reads what the assistant thought, in the spellings in use: blocks with their signatures (as this gateway
    /// gives them), OpenRouter's details, or one text with or without a signature beside it.
    private mutating func readThoughts(_ message: JSONValue, _ path: String) -> [Part] {
        if let blocks = message.present("thinking_blocks"), blocks.kind == .array {
            return blocks.elements.enumerated().compactMap { index, block in
                Self.thought(block).map { Part($0, path: "\(path).thinking_blocks[\(index)]") }
            }
        }
        let details = readDetails(message, path)
        if !details.isEmpty { return details }
        let spelling = message.present("reasoning_content") == nil ? "reasoning" : "reasoning_content"
        let text = (message.present("reasoning_content") ?? message.present("reasoning"))?.string ?? ""
        let signature = message.present("reasoning_signature")
        // Google signs, in its own clients' chat completions, what the model says without a call as well.
        let proof = signature?.string ?? message.googleSignature.map(ProofMaker.gemini.named)
        guard !text.isEmpty || (signature == nil && proof != nil) else {
            // A signature without its text proves nothing to any provider.
            if signature != nil {
                call.extras.append(path + ".reasoning_signature")
            }
            return []
        }
        let proofPath = signature == nil ? ".extra_content.google.thought_signature" : ".reasoning_signature"
        var part = Part(
            .thinking(Thought(text: text, signature: proof)),
            path: path + (text.isEmpty ? proofPath : ".\(spelling)")
        )
        part.paths[.thoughtSignature] = path + proofPath
        return [part]
    }

    /// Reads the thoughts in `reasoning_details`; what no model of another protocol could read is named.
    private mutating func readDetails(_ message: JSONValue, _ path: String) -> [Part] {
        guard let details = message.present("reasoning_details") else { return [] }
        var parts: [Part] = []
        for (index, detail) in details.elements.enumerated() {
            let path = "\(path).reasoning_details[\(index)]"
            let isAnthropic = detail["format"]?.string?.hasPrefix("anthropic") == true
            if let text = detail.present("text")?.string, detail["type"]?.isString("reasoning.text") == true {
                let signature = detail.present("signature")?.string.map(detail.named(proof:))
                let thought = Thought(text: text, signature: signature)
                parts.append(Part(.thinking(thought), path: path))
            } else if isAnthropic, let data = detail.present("data")?.string {
                parts.append(Part(.redactedThinking(data), path: path))
            } else {
                call.extras.append(path)
            }
        }
        return parts
    }

    /// Reads a block of thinking as Anthropic writes it; nil when it is none.
    static func thought(_ block: JSONValue) -> PartContent? {
        switch block["type"]?.string {
        case "thinking":
            let signature = block["signature"]?.string ?? ""
            return .thinking(
                Thought(text: block["thinking"]?.joinedTexts ?? "", signature: signature.isEmpty ? nil : signature)
            )
        case "redacted_thinking": return .redactedThinking(block["data"]?.string ?? "")
        default: return nil
        }
    }
}

extension JSONValue {
    /// A proof in one of OpenRouter's details of reasoning, with the name of the maker whose format that is.
    func named(proof: String) -> String {
        let format = self["format"]?.string ?? ""
        if format.hasPrefix("google") { return ProofMaker.gemini.named(proof) }
        return format.hasPrefix("openai") ? ProofMaker.openai.named(proof) : proof
    }

    /// The proof of a thought, where Google's chat completions have it; nil when there is none.
    var googleSignature: String? {
        let signature = present("extra_content")?.present("google")?.present("thought_signature")?.string
        return signature?.isEmpty == true ? nil : signature
    }
}
