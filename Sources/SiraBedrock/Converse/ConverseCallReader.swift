internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Reads a request for Converse in full.
struct ConverseCallReader {
    private let json: JSONValue
    var call = Call(turns: [])

    init(_ json: JSONValue) {
        self.json = json
    }

    mutating func read(isStream: Bool) throws(GatewayError) -> Call {
        let fields = try RequestFields(json)
        try fields.checkMessages()
        call.isStream = isStream
        call.paths = Self.paths
        if let system = json.present("system") {
            let parts = try readBlocks(system, path: "system")
            call.turns.append(Turn(role: .instructions, parts: parts, path: "system"))
        }
        for (key, value) in json.members where !value.isNull {
            try readField(key.string ?? "", value)
        }
        return call
    }

    /// Where Converse has what chat completions have elsewhere.
    private static let paths: [CallField: String] = [
        .temperature: "inferenceConfig.temperature", .topP: "inferenceConfig.topP",
        .topK: "additionalModelRequestFields.top_k", .stop: "inferenceConfig.stopSequences",
        .outputLimit: "inferenceConfig.maxTokens", .metadata: "requestMetadata", .serviceTier: "serviceTier",
        .toolChoice: "toolConfig.toolChoice", .toolSchema: "toolConfig.tools[].toolSpec.inputSchema.json",
        .toolStrictness: "toolConfig.tools[].toolSpec.strict", .toolCacheMark: "toolConfig.tools[].cachePoint",
        .outputFormat: "outputConfig.textFormat",
        .outputSchema: "outputConfig.textFormat.structure.jsonSchema.schema",
        .outputSchemaName: "outputConfig.textFormat.structure.jsonSchema.name",
        .outputSchemaDescription: "outputConfig.textFormat.structure.jsonSchema.description",
        .callArguments: "toolUse.input",
        .thoughtSignature: "reasoningContent.reasoningText.signature", .documentName: "document.name",
        .documentContext: "document.context", .documentCitations: "document.citations",
        .resultError: "toolResult.status",
    ]

    private mutating func readField(_ name: String, _ value: JSONValue) throws(GatewayError) {
        switch name {
        case "modelId", "system": break
        case "messages": try readMessages(value)
        case "inferenceConfig": try readInference(value)
        case "toolConfig": try readTools(value)
        case "additionalModelRequestFields": try readModelFields(value)
        case "outputConfig": try readOutput(value)
        case "requestMetadata": call.metadata = value.rawJSON
        case "serviceTier":
            switch value["type"]?.string {
            case "default": call.serviceTier = .standard
            case "priority": call.serviceTier = .priority
            case "flex": call.serviceTier = .flex
            default: call.extras.append(name)
            }
        default:
            // Guardrails, prompt variables, what else a model is to tell of itself: Bedrock's alone.
            call.extras.append(name)
        }
    }

    private mutating func readMessages(_ messages: JSONValue) throws(GatewayError) {
        for (index, message) in messages.elements.enumerated() {
            let path = "messages[\(index)]"
            let role: Turn.Role
            switch message["role"]?.string {
            case "user": role = .user
            case "assistant": role = .assistant
            default:
                throw GatewayError(.invalidField, "\"role\" must be user or assistant.", field: path + ".role")
            }
            guard let content = message.present("content") else {
                throw GatewayError(.invalidField, "The message needs \"content\".", field: path + ".content")
            }
            call.extras += message.members(beyond: ["role", "content"], path: "messages[]")
            let parts = try readBlocks(content, path: path + ".content")
            call.turns.append(Turn(role: role, parts: parts, path: path))
        }
    }

    private mutating func readInference(_ value: JSONValue) throws(GatewayError) {
        for (key, member) in value.members where !member.isNull {
            let path = "inferenceConfig.\(key.string ?? "")"
            switch key.string ?? "" {
            case "maxTokens": call.sampling.outputLimit = try RequestFields.count(member, field: path)
            case "temperature": call.sampling.temperature = try Self.fraction(member, path)
            case "topP": call.sampling.topP = try Self.fraction(member, path)
            case "stopSequences": call.sampling.stop = member.elements.compactMap(\.string)
            default: call.extras.append(path)
            }
        }
    }

    private static func fraction(_ value: JSONValue, _ path: String) throws(GatewayError) -> Double {
        guard let number = value.double, (0...1).contains(number) else {
            throw GatewayError(.invalidField, "\"\(path)\" must be a number from 0 to 1.", field: path)
        }
        return number
    }

    // MARK: what Converse hands on to the model's maker

    private mutating func readModelFields(_ value: JSONValue) throws(GatewayError) {
        let root = "additionalModelRequestFields"
        for (key, member) in value.members where !member.isNull {
            let path = "\(root).\(key.string ?? "")"
            switch key.string ?? "" {
            case "thinking": try readThinking(member, path)
            case "reasoning_config" where member.kind == .object: try readThinking(member, path)
            case "reasoning_config", "reasoning_effort": readEffort(member, path)
            case "reasoningConfig":
                if member["type"]?.isString("disabled") == true {
                    call.reasoning.mode = .off
                    call.reasoning.paths.append(path)
                } else {
                    readEffort(member["maxReasoningEffort"] ?? member, path)
                }
            case "output_config":
                if let effort = member.present("effort") { readEffort(effort, path + ".effort") }
                call.extras += member.members(beyond: ["effort"], path: path)
            case "top_k", "k":
                call.sampling.topK = try RequestFields.count(member, field: path)
                call.paths[.topK] = path
            case "inferenceConfig":
                if let topK = member.present("topK") {
                    call.sampling.topK = try RequestFields.count(topK, field: path + ".topK")
                    call.paths[.topK] = path + ".topK"
                }
                call.extras += member.members(beyond: ["topK"], path: path)
            default: call.extras.append(path)
            }
        }
    }

    private mutating func readThinking(_ value: JSONValue, _ path: String) throws(GatewayError) {
        call.reasoning.paths.append(path)
        call.extras += value.members(beyond: ["type", "budget_tokens", "display"], path: path)
        switch value["type"]?.string {
        case "enabled":
            guard let budget = value.present("budget_tokens") else {
                let field = path + ".budget_tokens"
                throw GatewayError(.invalidField, "Thinking that is enabled needs \"budget_tokens\".", field: field)
            }
            call.reasoning.mode = .budget(try RequestFields.count(budget, field: path + ".budget_tokens"))
        case "adaptive": call.reasoning.mode = .adaptive
        default: call.reasoning.mode = .off
        }
        call.reasoning.display = value["display"]?.string
    }

    private mutating func readEffort(_ value: JSONValue, _ path: String) {
        guard let effort = value.string.flatMap(Reasoning.Effort.init(rawValue:)) else {
            return call.extras.append(path)
        }
        call.reasoning.paths.append(path)
        call.reasoning.effort = effort
    }

    private mutating func readOutput(_ value: JSONValue) throws(GatewayError) {
        call.extras += value.members(beyond: ["textFormat"], path: "outputConfig")
        guard let format = value.present("textFormat") else { return }
        let path = "outputConfig.textFormat.structure.jsonSchema"
        guard let definition = format["structure"]?["jsonSchema"], let schema = definition["schema"]?.string else {
            throw GatewayError(.invalidField, "Give the schema as a string of JSON.", field: path + ".schema")
        }
        let bytes = Array(schema.utf8)
        // The request itself is being read, so that its reader cannot be used for this.
        let isObject = try? JSONIndexer().read(bytes) { $0.kind == .object }
        guard isObject == true else {
            throw GatewayError(.invalidField, "The schema is not a JSON object in a string.", field: path + ".schema")
        }
        call.outputFormat = .jsonSchema(
            OutputSchema(
                name: definition["name"]?.string,
                description: definition["description"]?.string,
                schema: RawJSON(bytes: bytes),
                isStrict: nil
            )
        )
    }
}
