internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Reads a message's request in full.
struct MessagesCallReader {
    private let json: JSONValue
    private var call = Call(turns: [])
    /// The name of the function that each call, by its id, is of.
    private var calledNames: [String: String] = [:]

    init(_ json: JSONValue) {
        self.json = json
    }

    mutating func read() throws(GatewayError) -> Call {
        let fields = try RequestFields(json)
        try fields.checkMessages()
        call.paths = Self.paths
        if let system = json.present("system") {
            let parts = try MessagesContent.parts(system, path: "system")
            call.extras += MessagesContent.unknownMembers(of: system, path: "system[]")
            call.turns.append(Turn(role: .instructions, parts: parts, path: "system"))
        }
        for (key, value) in json.members where !value.isNull {
            try readField(key.string ?? "", value, fields)
        }
        return call
    }

    /// Where messages have what chat completions have elsewhere.
    private static let paths: [CallField: String] = [
        .stop: "stop_sequences", .outputLimit: "max_tokens", .endUser: "metadata.user_id",
        .parallelTools: "tool_choice.disable_parallel_tool_use", .toolSchema: "tools[].input_schema",
        .toolStrictness: "tools[].strict", .outputFormat: "output_config.format",
        .outputSchema: "output_config.format.schema", .callArguments: "input", .callSignature: "signature",
        .documentName: "title",
    ]

    private mutating func readField(
        _ name: String,
        _ value: JSONValue,
        _ fields: RequestFields
    ) throws(GatewayError) {
        switch name {
        case "model", "system": break
        case "stream": call.isStream = try fields.flag("stream")
        case "messages": try readMessages(value)
        case "max_tokens": call.sampling.outputLimit = try fields.count("max_tokens")
        case "temperature": call.sampling.temperature = try fields.number("temperature", in: 0...1)
        case "top_p": call.sampling.topP = try fields.number("top_p", in: 0...1)
        case "top_k": call.sampling.topK = try fields.count("top_k")
        case "stop_sequences":
            let strings = value.elements.map(\.string)
            guard value.kind == .array, !strings.contains(nil) else {
                throw GatewayError(.invalidField, "\"stop_sequences\" must be a list of strings.", field: name)
            }
            call.sampling.stop = strings.compactMap { $0 }
        case "tools": try readTools(value)
        case "tool_choice": try readToolChoice(value)
        case "thinking": try readThinking(value)
        case "output_config": readOutputConfig(value)
        case "output_format":
            call.paths[.outputFormat] = name
            call.paths[.outputSchema] = name + ".schema"
            readFormat(value)
        case "metadata":
            call.endUser = value["user_id"]?.string
            call.extras += value.members(beyond: ["user_id"], path: name)
        case "service_tier": call.serviceTier = value.isString("standard_only") ? .standard : .auto
        case "thread":
            throw GatewayError(
                .unsupportedFeature,
                "This model's provider keeps no conversations: send all messages, and no \"thread\".",
                field: name
            )
        default: call.extras.append(name)
        }
    }

    private mutating func readMessages(_ messages: JSONValue) throws(GatewayError) {
        for (index, message) in messages.elements.enumerated() {
            let path = "messages[\(index)]"
            let role: Turn.Role
            switch message["role"]?.string {
            case "user": role = .user
            case "assistant": role = .assistant
            case "system": role = .instructions
            default:
                throw GatewayError(
                    .invalidField,
                    "\"role\" must be user, assistant or system.",
                    field: path + ".role"
                )
            }
            guard let content = message.present("content") else {
                throw GatewayError(.invalidField, "The message needs \"content\".", field: path + ".content")
            }
            let parts = restore(try MessagesContent.parts(content, path: path + ".content"))
            call.extras += message.members(beyond: ["role", "content"], path: "messages[]")
            call.extras += MessagesContent.unknownMembers(of: content, path: "messages[].content[]")
            call.turns.append(Turn(role: role, parts: parts, path: path))
        }
    }

    /// Gives calls the proofs that went through the client in blocks of their own, and results the names of their
    /// functions.
    private mutating func restore(_ parts: [Part]) -> [Part] {
        var proofs: [String: (signature: String, path: String)] = [:]
        var restored: [Part] = []
        for part in parts {
            if case .redactedThinking(let data) = part.content, let proof = CallProof(data: data) {
                proofs[proof.callID] = (proof.signature, part.path + ".data")
            } else {
                restored.append(part)
            }
        }
        for index in restored.indices {
            switch restored[index].content {
            case .toolCall(var tool):
                calledNames[tool.id] = tool.name
                tool.signature = proofs[tool.id]?.signature
                restored[index].paths[.callSignature] = proofs[tool.id]?.path
                restored[index].content = .toolCall(tool)
            case .toolResult(var result):
                result.name = calledNames[result.callID]
                restored[index].content = .toolResult(result)
            default: break
            }
        }
        return restored
    }

    private mutating func readTools(_ value: JSONValue) throws(GatewayError) {
        for (index, tool) in value.elements.enumerated() {
            let path = "tools[\(index)]"
            if let type = tool.present("type")?.string, type != "custom" {
                call.tools.append(.native(.anthropic, type: type, definition: tool.rawJSON, path: path))
                continue
            }
            call.extras += tool.members(
                beyond: ["type", "name", "description", "input_schema", "strict", "cache_control"],
                path: "tools[]"
            )
            guard let name = tool["name"]?.string, !name.isEmpty else {
                throw GatewayError(.invalidField, "A tool needs a name.", field: path + ".name")
            }
            var function = FunctionTool(
                name: name,
                description: tool["description"]?.string,
                parameters: tool.present("input_schema")?.rawJSON
            )
            function.isStrict = tool["strict"]?.bool
            function.cacheMark = MessagesContent.mark(tool)
            call.tools.append(.function(function))
        }
    }

    private mutating func readToolChoice(_ value: JSONValue) throws(GatewayError) {
        switch value["type"]?.string {
        case "auto": call.toolChoice = .auto
        case "any": call.toolChoice = .required
        case "none": call.toolChoice = ToolChoice.none
        case "tool":
            guard let name = value["name"]?.string else {
                throw GatewayError(.invalidField, "Name the tool.", field: "tool_choice.name")
            }
            call.toolChoice = .named(name)
        default:
            throw GatewayError(
                .invalidField,
                "\"type\" must be auto, any, tool or none.",
                field: "tool_choice.type"
            )
        }
        call.extras += value.members(beyond: ["type", "name", "disable_parallel_tool_use"], path: "tool_choice")
        if value["disable_parallel_tool_use"]?.bool == true { call.callsToolsInParallel = false }
    }

    private mutating func readThinking(_ value: JSONValue) throws(GatewayError) {
        call.reasoning.paths.append("thinking")
        call.extras += value.members(beyond: ["type", "budget_tokens", "display"], path: "thinking")
        switch value["type"]?.string {
        case "enabled":
            call.reasoning.mode = .budget(try RequestFields.thinkingBudget(value))
        case "adaptive": call.reasoning.mode = .adaptive
        default: call.reasoning.mode = .off
        }
        call.reasoning.display = value["display"]?.string
    }

    private mutating func readOutputConfig(_ value: JSONValue) {
        for (key, member) in value.members where !member.isNull {
            switch key.string ?? "" {
            case "effort":
                call.reasoning.paths.append("output_config.effort")
                call.reasoning.effort = member.string.flatMap(Reasoning.Effort.init(rawValue:))
            case "format": readFormat(member)
            case let name: call.extras.append("output_config.\(name)")
            }
        }
    }

    private mutating func readFormat(_ value: JSONValue) {
        guard let schema = value.present("schema") else { return }
        call.outputFormat = .jsonSchema(
            OutputSchema(name: nil, description: nil, schema: schema.rawJSON, isStrict: nil)
        )
    }
}
