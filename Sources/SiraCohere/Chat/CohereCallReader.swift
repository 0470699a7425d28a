internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Reads a request for Cohere's chat in full.
struct CohereCallReader {
    let json: JSONValue
    var call = Call(turns: [])
    /// The name of the function that each call, by its id, is of.
    var calledNames: [String: String] = [:]

    init(_ json: JSONValue) {
        self.json = json
    }

    mutating func read() throws(GatewayError) -> Call {
        let fields = try RequestFields(json)
        try fields.checkMessages()
        call.paths = [
            .topP: "p", .topK: "k", .stop: "stop_sequences", .outputLimit: "max_tokens",
            .toolStrictness: "strict_tools", .outputSchema: "response_format.json_schema",
        ]
        for (key, value) in json.members where !value.isNull {
            try readField(key.string ?? "", value, fields)
        }
        // Their place is in a turn, and how they are cited is said elsewhere.
        if let documents = json.present("documents") { try readDocuments(documents) }
        readCitationOptions()
        if try fields.flag("strict_tools") {
            call.tools = call.tools.map {
                guard case .function(var function) = $0 else { return $0 }
                function.isStrict = true
                return .function(function)
            }
            if call.tools.isEmpty { call.extras.append("strict_tools") }
        }
        return call
    }

    private mutating func readField(
        _ name: String,
        _ value: JSONValue,
        _ fields: RequestFields
    ) throws(GatewayError) {
        switch name {
        case "model", "documents", "strict_tools", "citation_options": break
        case "stream": call.isStream = try fields.flag("stream")
        case "messages": try readMessages(value)
        case "tools": try readTools(value)
        case "tool_choice": try readToolChoice(value)
        case "response_format": try readFormat(value)
        case "thinking": try readThinking(value)
        case "logprobs":
            if try fields.flag("logprobs") { call.logprobs = LogprobsWish(alternatives: 0) }
        default:
            if try readSampling(name, value, fields) { return }
            // Modes of safety, priorities: Cohere's alone.
            if !value.asksForNothing { call.extras.append(name) }
        }
    }

    private mutating func readSampling(
        _ name: String,
        _ value: JSONValue,
        _ fields: RequestFields
    ) throws(GatewayError) -> Bool {
        switch name {
        case "max_tokens": call.sampling.outputLimit = try fields.count("max_tokens")
        case "temperature": call.sampling.temperature = try fields.number("temperature", in: 0...5)
        case "p": call.sampling.topP = try fields.number("p", in: 0...1)
        case "k": call.sampling.topK = try fields.count("k", atLeast: 0).flatMap { $0 > 0 ? $0 : nil }
        case "presence_penalty": call.sampling.presencePenalty = try fields.number("presence_penalty", in: 0...1)
        case "frequency_penalty": call.sampling.frequencyPenalty = try fields.number("frequency_penalty", in: 0...1)
        case "seed":
            guard let seed = value.integer else {
                throw GatewayError(.invalidField, "\"seed\" must be a whole number.", field: name)
            }
            call.sampling.seed = seed
        case "stop_sequences":
            let strings = value.elements.map(\.string)
            guard value.kind == .array, !strings.contains(nil) else {
                throw GatewayError(.invalidField, "\"stop_sequences\" must be a list of strings.", field: name)
            }
            call.sampling.stop = strings.compactMap(\.self)
        default: return false
        }
        return true
    }

    private mutating func readThinking(_ value: JSONValue) throws(GatewayError) {
        call.reasoning.paths = ["thinking"]
        call.extras += value.members(beyond: ["type", "token_budget"], path: "thinking")
        switch value["type"]?.string {
        case "disabled": call.reasoning.mode = .off
        case "enabled":
            guard let budget = value.present("token_budget") else {
                // Without bounds, which is how a high effort is written for Cohere.
                call.reasoning.effort = .high
                return
            }
            call.reasoning.mode = .budget(try RequestFields.count(budget, field: "thinking.token_budget"))
        default:
            throw GatewayError(.invalidField, "\"type\" must be enabled or disabled.", field: "thinking.type")
        }
    }

    private mutating func readFormat(_ value: JSONValue) throws(GatewayError) {
        call.extras += value.members(beyond: ["type", "json_schema", "schema"], path: "response_format")
        switch value["type"]?.string {
        case "text": break
        case "json_object":
            // The shorter name is the first version's.
            guard let schema = value.present("json_schema") ?? value.present("schema") else {
                call.outputFormat = .jsonObject
                return
            }
            guard schema.kind == .object else {
                throw GatewayError(
                    .invalidField,
                    "\"json_schema\" must be a JSON Schema object.",
                    field: "response_format.json_schema"
                )
            }
            call.outputFormat = .jsonSchema(
                OutputSchema(name: nil, description: nil, schema: schema.rawJSON, isStrict: nil)
            )
        default:
            throw GatewayError(
                .invalidField,
                "\"type\" must be text or json_object.",
                field: "response_format.type"
            )
        }
    }

    /// Reads how documents are to be cited: they are, if nothing is said.
    private mutating func readCitationOptions() {
        let options = json.present("citation_options")
        call.extras += options?.members(beyond: ["mode"], path: "citation_options") ?? []
        let mode = options?.present("mode")?.string?.uppercased()
        let isOff = mode == "OFF" || mode == "DISABLED"
        // How quickly or how well is said to Cohere alone.
        if let mode, !isOff, mode != "ENABLED" { call.extras.append("citation_options.mode") }
        guard !isOff else { return }
        for turn in call.turns.indices {
            for part in call.turns[turn].parts.indices {
                guard case .document(var document) = call.turns[turn].parts[part].content else { continue }
                document.isCited = true
                call.turns[turn].parts[part].content = .document(document)
            }
        }
    }
}
