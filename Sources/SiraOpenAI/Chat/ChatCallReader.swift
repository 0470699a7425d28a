internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Reads a chat completion's request in full.
struct ChatCallReader {
    let json: JSONValue
    var call = Call(turns: [])
    /// The name of the latest call in the style that came before tools, which its result answers by name alone.
    var functionCalls: [String: String] = [:]
    /// The name of the function that each call, by its id, is of.
    var calledNames: [String: String] = [:]

    init(_ json: JSONValue) {
        self.json = json
    }

    mutating func read() throws(GatewayError) -> Call {
        let fields = try RequestFields(json)
        try fields.checkMessages()
        for (key, value) in json.members where !value.isNull {
            try readField(key.string ?? "", value, fields)
        }
        // What was before tools counts only without them.
        if call.tools.isEmpty, let functions = json.present("functions") { try readFunctions(functions) }
        if call.toolChoice == nil, let choice = json.present("function_call") {
            try readToolChoice(choice, field: "function_call")
        }
        // The newer name of the limit wins; what is named twice was checked by the client's own hand.
        let older = try fields.count("max_tokens")
        call.sampling.outputLimit = try fields.count("max_completion_tokens") ?? older
        if json.present("max_completion_tokens") == nil { call.paths[.outputLimit] = "max_tokens" }
        return call
    }

    private mutating func readField(
        _ name: String,
        _ value: JSONValue,
        _ fields: RequestFields
    ) throws(GatewayError) {
        switch name {
        case "stream_options":
            call.extras += value.members(beyond: ["include_usage", "include_obfuscation"], path: name)
        case "model", "max_tokens", "max_completion_tokens", "functions", "function_call": break
        case "stream": call.isStream = try fields.flag("stream")
        case "messages": try readMessages(value)
        case "tools": try readTools(value)
        case "tool_choice": try readToolChoice(value, field: name)
        case "parallel_tool_calls": call.callsToolsInParallel = try fields.flag("parallel_tool_calls")
        case "response_format": try readOutputFormat(value)
        case "modalities": call.outputModalities = value.elements.compactMap(\.string)
        case "user": call.endUser = value.string
        case "safety_identifier":
            if json.present("user")?.string == nil {
                call.endUser = value.string
                call.paths[.endUser] = name
            }
        case "service_tier": call.take(serviceTier: value)
        default:
            if try readSampling(name, value, fields) { return }
            if try readReasoning(name, value) { return }
            if try readCompany(name, value, fields) { return }
            if !value.asksForNothing { call.extras.append(name) }
        }
    }

    private mutating func readSampling(
        _ name: String,
        _ value: JSONValue,
        _ fields: RequestFields
    ) throws(GatewayError) -> Bool {
        switch name {
        case "temperature": call.sampling.temperature = try fields.number("temperature", in: 0...2)
        case "top_p": call.sampling.topP = try fields.number("top_p", in: 0...1)
        case "top_k": call.sampling.topK = try fields.count("top_k", atLeast: -1).flatMap { $0 > 0 ? $0 : nil }
        case "seed": call.sampling.seed = try readSeed(value)
        case "presence_penalty":
            call.sampling.presencePenalty = try fields.number("presence_penalty", in: -2...2)
        case "frequency_penalty":
            call.sampling.frequencyPenalty = try fields.number("frequency_penalty", in: -2...2)
        case "n": call.sampling.answers = try fields.count("n") ?? 1
        case "stop": try readStop(value)
        default: return false
        }
        return true
    }

    /// Reads what goes along with a request and changes nothing of what the model says.
    private mutating func readCompany(
        _ name: String,
        _ value: JSONValue,
        _ fields: RequestFields
    ) throws(GatewayError) -> Bool {
        switch name {
        case "logprobs":
            guard try fields.flag("logprobs") else { return true }
            call.logprobs = LogprobsWish(alternatives: try fields.count("top_logprobs", atLeast: 0) ?? 0)
        case "top_logprobs":
            // It says something about likelihoods only where those are wanted.
            if json.present("logprobs")?.bool != true, !value.asksForNothing { call.extras.append(name) }
        case "verbosity":
            guard let word = value.string, ["low", "medium", "high"].contains(word) else {
                throw GatewayError(.invalidField, "\"verbosity\" must be low, medium or high.", field: name)
            }
            call.verbosity = word
        case "metadata":
            guard value.kind == .object else {
                throw GatewayError(.invalidField, "\"metadata\" must be an object of strings.", field: name)
            }
            if value.members.contains(where: { _ in true }) { call.metadata = value.rawJSON }
        case "store": call.keepsAnswer = try fields.flag("store")
        case "prompt_cache_key":
            guard let key = value.string else {
                throw GatewayError(.invalidField, "\"prompt_cache_key\" must be a string.", field: name)
            }
            call.cacheKey = key
        case "logit_bias":
            if value.members.contains(where: { _ in true }) { call.extras.append(name) }
        default: return false
        }
        return true
    }

    private func readSeed(_ value: JSONValue) throws(GatewayError) -> Int64 {
        guard let seed = value.integer else {
            throw GatewayError(.invalidField, "\"seed\" must be a whole number of 64 bits.", field: "seed")
        }
        return seed
    }

    private mutating func readStop(_ value: JSONValue) throws(GatewayError) {
        if let one = value.string {
            call.sampling.stop = [one]
            return
        }
        let strings = value.elements.map(\.string)
        guard value.kind == .array, !strings.contains(nil) else {
            throw GatewayError(.invalidField, "\"stop\" must be a string or a list of strings.", field: "stop")
        }
        call.sampling.stop = strings.compactMap { $0 }
    }

    /// Reads OpenAI's word for the effort, and `thinking`, which clients that know Anthropic's models send along.
    private mutating func readReasoning(_ name: String, _ value: JSONValue) throws(GatewayError) -> Bool {
        switch name {
        case "reasoning_effort":
            call.reasoning.paths.append(name)
            guard let effort = value.string.flatMap(Reasoning.Effort.init(rawValue:)) else {
                let words = Reasoning.Effort.allCases.map(\.rawValue).joined(separator: ", ")
                throw GatewayError(.invalidField, "\"reasoning_effort\" must be one of \(words).", field: name)
            }
            call.reasoning.effort = effort
        case "thinking":
            call.reasoning.paths.append(name)
            let isEnabled = value["type"]?.isString("enabled") ?? false
            if isEnabled, value.present("budget_tokens") != nil {
                call.reasoning.mode = .budget(try RequestFields.thinkingBudget(value))
            } else {
                // DeepSeek's, Zhipu's and Moonshot's word has no budget beside it.
                call.reasoning.mode = isEnabled || value["type"]?.isString("adaptive") == true ? .adaptive : .off
            }
            call.reasoning.display = value["display"]?.string
            call.extras += value.members(beyond: ["type", "budget_tokens", "display"], path: name)
        case "reasoning": try readReasoningObject(value)
        default: return false
        }
        return true
    }

    /// Reads `reasoning`, by which clients of OpenRouter say how long to think.
    private mutating func readReasoningObject(_ value: JSONValue) throws(GatewayError) {
        guard value.kind == .object else { return call.extras.append("reasoning") }
        call.extras += value.members(beyond: ["effort", "max_tokens", "enabled"], path: "reasoning")
        guard value.members.contains(where: { _ in true }) else { return }
        call.reasoning.paths.append("reasoning")
        if let word = value.present("effort")?.string {
            guard let effort = Reasoning.Effort(rawValue: word) else {
                let words = Reasoning.Effort.allCases.map(\.rawValue).joined(separator: ", ")
                throw GatewayError(.invalidField, "The effort must be one of \(words).", field: "reasoning.effort")
            }
            call.reasoning.effort = call.reasoning.effort ?? effort
        } else if let budget = value.present("max_tokens") {
            call.reasoning.mode = .budget(try RequestFields.count(budget, field: "reasoning.max_tokens"))
        } else if let isEnabled = value.present("enabled")?.bool {
            call.reasoning.mode = isEnabled ? .adaptive : .off
        }
    }

    private mutating func readOutputFormat(_ value: JSONValue) throws(GatewayError) {
        call.extras += value.members(beyond: ["type", "json_schema"], path: "response_format")
        call.extras +=
            value["json_schema"]?.members(
                beyond: ["name", "description", "schema", "strict"],
                path: "response_format.json_schema"
            ) ?? []
        switch value["type"]?.string {
        case "text": call.outputFormat = .text
        case "json_object": call.outputFormat = .jsonObject
        case "json_schema":
            guard let format = value["json_schema"], let schema = format.present("schema"), schema.kind == .object
            else {
                throw GatewayError(
                    .invalidField,
                    "A format of type json_schema needs a schema, which is an object.",
                    field: "response_format.json_schema.schema"
                )
            }
            call.outputFormat = .jsonSchema(
                OutputSchema(
                    name: format["name"]?.string,
                    description: format["description"]?.string,
                    schema: schema.rawJSON,
                    isStrict: format["strict"]?.bool
                )
            )
        default:
            throw GatewayError(
                .invalidField,
                "\"type\" must be text, json_object or json_schema.",
                field: "response_format.type"
            )
        }
    }
}
