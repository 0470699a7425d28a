internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Reads a request for generated content in full.
struct GenerateCallReader {
    let json: JSONValue
    var call = Call(turns: [])
    /// The calls of tools so far, for results say which they answer by name and order where they have no id.
    var openCalls: [(id: String, name: String)] = []
    /// Calls so far to which Google gave no id.
    var unnamedCalls = 0

    init(_ json: JSONValue) {
        self.json = json
    }

    mutating func read(isStream: Bool) throws(GatewayError) -> Call {
        _ = try RequestFields(json)
        call.isStream = isStream
        call.paths = Self.paths
        guard let contents = json.present("contents") else {
            throw GatewayError(.invalidField, "Give the conversation as a list in \"contents\".", field: "contents")
        }
        if let instruction = json.field("systemInstruction", "system_instruction") { try readInstruction(instruction) }
        try readContents(contents)
        for (key, value) in json.members where !value.isNull {
            try readField((key.string ?? "").camelCased, value)
        }
        return call
    }

    /// Where Google's requests have what chat completions have elsewhere.
    private static let paths: [CallField: String] = [
        .temperature: "generationConfig.temperature", .topP: "generationConfig.topP", .topK: "generationConfig.topK",
        .seed: "generationConfig.seed", .presencePenalty: "generationConfig.presencePenalty",
        .frequencyPenalty: "generationConfig.frequencyPenalty", .stop: "generationConfig.stopSequences",
        .outputLimit: "generationConfig.maxOutputTokens", .answers: "generationConfig.candidateCount",
        .logprobs: "generationConfig.responseLogprobs", .serviceTier: "serviceTier",
        .modalities: "generationConfig.responseModalities", .toolChoice: "toolConfig.functionCallingConfig",
        .toolSchema: "tools[].functionDeclarations[].parameters", .outputFormat: "generationConfig.responseMimeType",
        .outputSchema: "generationConfig.responseJsonSchema", .callSignature: "thoughtSignature",
        .callArguments: "functionCall.args", .logprobAlternatives: "generationConfig.logprobs",
        .documentName: "inlineData.displayName", .resultError: "functionResponse.response.error",
    ]

    private mutating func readField(_ name: String, _ value: JSONValue) throws(GatewayError) {
        switch name {
        case "model", "contents", "systemInstruction": break
        case "tools": try readTools(value)
        case "toolConfig": try readToolConfig(value)
        case "generationConfig": try readConfiguration(value)
        case "serviceTier": readServiceTier(value)
        case "cachedContent":
            // What is kept there is a part of the conversation.
            throw GatewayError(
                .unsupportedFeature,
                "Content that Google keeps is not known to another provider; send it in \"contents\".",
                field: "cachedContent"
            )
        default: if !value.asksForNothing { call.extras.append(name) }
        }
    }

    private mutating func readServiceTier(_ value: JSONValue) {
        let word = (value.string ?? "").lowercased()
        let tier = word.hasPrefix("service_tier_") ? String(word.dropFirst(13)) : word
        switch tier {
        case "unspecified": break
        case "standard", "priority", "flex": call.serviceTier = Call.ServiceTier(rawValue: tier)
        default: call.extras.append("serviceTier")
        }
    }

    // MARK: configuration

    private mutating func readConfiguration(_ config: JSONValue) throws(GatewayError) {
        try requireObject(config, "generationConfig")
        for (key, value) in config.members where !value.isNull {
            let name = (key.string ?? "").camelCased
            let path = "generationConfig.\(name)"
            if try readSampling(name, value, path) { continue }
            switch name {
            // They are read together.
            case "responseMimeType", "responseSchema", "responseJsonSchema", "ResponseJsonSchema", "responseLogprobs",
                "logprobs":
                break
            case "responseModalities":
                call.outputModalities = value.elements.compactMap { $0.string?.lowercased() }
            case "thinkingConfig": try readThinking(value, path)
            default: if !value.asksForNothing { call.extras.append(path) }
            }
        }
        try readFormat(config)
        if config.field("responseLogprobs", "response_logprobs")?.bool == true {
            let count = try config.present("logprobs").map { value throws(GatewayError) in
                try RequestFields.count(value, field: "generationConfig.logprobs", atLeast: 0)
            }
            call.logprobs = LogprobsWish(alternatives: count ?? 0)
        }
    }

    private mutating func readSampling(_ name: String, _ value: JSONValue, _ path: String) throws(GatewayError) -> Bool
    {
        switch name {
        case "temperature": call.sampling.temperature = try number(value, in: 0...2, path)
        case "topP": call.sampling.topP = try number(value, in: 0...1, path)
        case "topK": call.sampling.topK = try RequestFields.count(value, field: path)
        case "maxOutputTokens": call.sampling.outputLimit = try RequestFields.count(value, field: path)
        case "candidateCount": call.sampling.answers = try RequestFields.count(value, field: path)
        case "presencePenalty": call.sampling.presencePenalty = try number(value, in: -2...2, path)
        case "frequencyPenalty": call.sampling.frequencyPenalty = try number(value, in: -2...2, path)
        case "seed":
            guard let seed = value.integer else {
                throw GatewayError(.invalidField, "\"\(path)\" must be a whole number.", field: path)
            }
            call.sampling.seed = seed
        case "stopSequences":
            let texts = value.elements.map(\.string)
            guard value.kind == .array, !texts.contains(nil) else {
                throw GatewayError(.invalidField, "\"\(path)\" must be a list of strings.", field: path)
            }
            call.sampling.stop = texts.compactMap(\.self)
        default: return false
        }
        return true
    }

    private func number(
        _ value: JSONValue,
        in range: ClosedRange<Double>,
        _ path: String
    ) throws(GatewayError) -> Double {
        guard let number = value.double, range.contains(number) else {
            throw GatewayError(
                .invalidField,
                "\"\(path)\" must be a number from \(Int(range.lowerBound)) to \(Int(range.upperBound)).",
                field: path
            )
        }
        return number
    }

    private mutating func readThinking(_ value: JSONValue, _ path: String) throws(GatewayError) {
        try requireObject(value, path)
        call.reasoning.paths.append(path)
        call.extras += value.strangers(["thinkingBudget", "thinkingLevel", "includeThoughts"], path: path)
        if let shows = value.field("includeThoughts", "include_thoughts")?.bool {
            call.reasoning.display = shows ? Self.shown : Self.hidden
        }
        if let level = value.field("thinkingLevel", "thinking_level")?.string?.lowercased() {
            let word = level.hasPrefix("thinking_level_") ? String(level.dropFirst(15)) : level
            call.reasoning.effort = Reasoning.Effort(rawValue: word)
            if call.reasoning.effort == nil, word != "unspecified" { call.extras.append(path + ".thinkingLevel") }
        }
        guard let budget = value.field("thinkingBudget", "thinking_budget") else { return }
        switch budget.integer {
        case .some(0): call.reasoning.mode = .off
        case .some(-1): call.reasoning.mode = .adaptive
        default: call.reasoning.mode = .budget(try RequestFields.count(budget, field: path + ".thinkingBudget"))
        }
    }

    /// The words of Anthropic for whether thoughts are shown, which are those of ``Reasoning/display``.
    static let shown = "summarized"
    static let hidden = "omitted"

    private mutating func readFormat(_ config: JSONValue) throws(GatewayError) {
        let type = config.field("responseMimeType", "response_mime_type")?.string ?? "text/plain"
        let isJSONSchema =
            config.field("responseJsonSchema", "response_json_schema") ?? config.present("_responseJsonSchema")
        guard let schema = isJSONSchema ?? config.field("responseSchema", "response_schema") else {
            if type == "application/json" {
                call.outputFormat = .jsonObject
            } else if type != "text/plain" {
                call.extras.append("generationConfig.responseMimeType")
            }
            return
        }
        guard type == "application/json" else {
            // A word out of a list, as it is and not as JSON.
            throw GatewayError(
                .unsupportedFeature,
                "Only answers of type application/json can follow a schema here.",
                field: "generationConfig.responseMimeType"
            )
        }
        let field = "generationConfig." + (isJSONSchema == nil ? "responseSchema" : "responseJsonSchema")
        try requireObject(schema, field)
        let written = isJSONSchema == nil ? OpenAPISchema.jsonSchema(schema) : schema.rawJSON
        call.paths[.outputSchema] = field
        call.outputFormat = .jsonSchema(
            OutputSchema(name: nil, description: nil, schema: written, isStrict: nil)
        )
    }

    func requireObject(_ value: JSONValue, _ field: String) throws(GatewayError) {
        guard value.kind == .object else {
            throw GatewayError(.invalidField, "\"\(field)\" must be an object.", field: field)
        }
    }
}
