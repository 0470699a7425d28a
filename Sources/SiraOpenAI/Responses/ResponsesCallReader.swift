internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Reads the request for a response in full.
struct ResponsesCallReader {
    let json: JSONValue
    var call = Call(turns: [])

    init(_ json: JSONValue) {
        self.json = json
    }

    mutating func read() throws(GatewayError) -> Call {
        let fields = try RequestFields(json)
        call.paths = Self.paths
        try refuseWhatIsElsewhere()
        if let instructions = json.present("instructions") { try readInstructions(instructions) }
        for (key, value) in json.members where !value.isNull {
            try readField(key.string ?? "", value, fields)
        }
        return call
    }

    /// Where fields stand that chat completions have elsewhere.
    private static let paths: [CallField: String] = [
        .outputLimit: "max_output_tokens", .logprobs: "top_logprobs", .verbosity: "text.verbosity",
        .toolSchema: "tools[].parameters", .toolStrictness: "tools[].strict", .outputFormat: "text.format",
        .outputSchema: "text.format.schema", .outputSchemaName: "text.format.name",
        .outputSchemaDescription: "text.format.description", .outputSchemaStrictness: "text.format.strict",
        .callSignature: "encrypted_content", .thoughtSignature: "encrypted_content",
        .callArguments: "arguments", .imageDetail: "detail", .documentName: "filename",
    ]

    /// Refuses what names a part of the request that only its own provider has.
    private func refuseWhatIsElsewhere() throws(GatewayError) {
        let places: [(key: StaticString, name: String)] = [
            ("previous_response_id", "The answer before"), ("conversation", "The conversation"),
            ("prompt", "The prompt's template"),
        ]
        for (key, name) in places where json.present(key) != nil {
            throw GatewayError(
                .unsupportedFeature,
                "\(name) is kept by another provider than this model's: send its items in \"input\".",
                field: key.description
            )
        }
    }

    private mutating func readInstructions(_ value: JSONValue) throws(GatewayError) {
        guard let text = value.string else {
            throw GatewayError(.invalidField, "\"instructions\" must be a string.", field: "instructions")
        }
        guard !text.isEmpty else { return }
        call.turns.append(
            Turn(role: .instructions, parts: [Part(.text(text), path: "instructions")], path: "instructions")
        )
    }

    private mutating func readField(
        _ name: String,
        _ value: JSONValue,
        _ fields: RequestFields
    ) throws(GatewayError) {
        switch name {
        case "model", "instructions", "previous_response_id", "conversation", "prompt": break
        case "stream": call.isStream = try fields.flag("stream")
        case "stream_options": call.extras += value.members(beyond: ["include_obfuscation"], path: name)
        case "input": try readInput(value)
        case "tools": try readTools(value)
        case "tool_choice": try readToolChoice(value)
        case "parallel_tool_calls": call.callsToolsInParallel = try fields.flag("parallel_tool_calls")
        case "text": try readText(value)
        case "reasoning": try readReasoning(value)
        case "include": try readInclude(value)
        case "metadata": call.metadata = value.rawJSON
        case "store": call.keepsAnswer = try fields.flag("store")
        case "safety_identifier":
            call.endUser = value.string
            call.paths[.endUser] = name
        case "user": if json.present("safety_identifier") == nil { call.endUser = value.string }
        case "prompt_cache_key": call.cacheKey = value.string
        case "service_tier": call.take(serviceTier: value)
        case "truncation": if !value.isString("disabled") { call.extras.append(name) }
        default:
            if try readSampling(name, value, fields) { return }
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
        case "max_output_tokens": call.sampling.outputLimit = try fields.count("max_output_tokens")
        case "presence_penalty": call.sampling.presencePenalty = try fields.number("presence_penalty", in: -2...2)
        case "frequency_penalty": call.sampling.frequencyPenalty = try fields.number("frequency_penalty", in: -2...2)
        case "top_logprobs":
            let alternatives = try fields.count("top_logprobs", atLeast: 0) ?? 0
            if alternatives > 0 { call.logprobs = LogprobsWish(alternatives: alternatives) }
        default: return false
        }
        return true
    }

    /// Reads what the answer is to hold besides; proofs of thinking always come along.
    private mutating func readInclude(_ value: JSONValue) throws(GatewayError) {
        guard value.kind == .array else {
            throw GatewayError(.invalidField, "\"include\" must be a list of strings.", field: "include")
        }
        for (index, wish) in value.elements.enumerated() {
            switch wish.string {
            case "reasoning.encrypted_content": break
            case "message.output_text.logprobs":
                call.logprobs = call.logprobs ?? LogprobsWish(alternatives: 0)
                if json.present("top_logprobs") == nil { call.paths[.logprobs] = "include[\(index)]" }
            default: call.extras.append("include[\(index)]")
            }
        }
    }

    private mutating func readReasoning(_ value: JSONValue) throws(GatewayError) {
        call.extras += value.members(
            beyond: ["effort", "summary", "generate_summary"],
            path: "reasoning"
        )
        if let word = value.present("effort") {
            call.reasoning.paths.append("reasoning.effort")
            guard let effort = word.string.flatMap(Reasoning.Effort.init(rawValue:)) else {
                let words = Reasoning.Effort.allCases.map(\.rawValue).joined(separator: ", ")
                throw GatewayError(.invalidField, "\"effort\" must be one of \(words).", field: "reasoning.effort")
            }
            call.reasoning.effort = effort
        }
        guard let summary = value.present("summary") ?? value.present("generate_summary") else { return }
        // The other protocols know only whether thoughts are shown, in Anthropic's word; not at what length.
        call.reasoning.display = "summarized"
        if !summary.isString("auto") { call.extras.append("reasoning.summary") }
    }

    private mutating func readText(_ value: JSONValue) throws(GatewayError) {
        call.extras += value.members(beyond: ["format", "verbosity"], path: "text")
        call.verbosity = value.present("verbosity")?.string
        guard let format = value.present("format") else { return }
        call.extras += format.members(
            beyond: ["type", "name", "description", "schema", "strict"],
            path: "text.format"
        )
        switch format["type"]?.string {
        case "text": call.outputFormat = .text
        case "json_object": call.outputFormat = .jsonObject
        case "json_schema":
            guard let schema = format.present("schema"), schema.kind == .object else {
                throw GatewayError(
                    .invalidField,
                    "A format of type json_schema needs a schema, which is an object.",
                    field: "text.format.schema"
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
                field: "text.format.type"
            )
        }
    }
}
