package import SiraCore

/// A field of a ``Call``, by which a writer names what it leaves out.
///
/// The raw value is the JSON path that the field has in a chat completion's request, which holds for clients that say
/// nothing else in ``Call/paths``.
package enum CallField: String, Sendable, CaseIterable {
    case temperature
    case topP = "top_p"
    case topK = "top_k"
    case seed
    case presencePenalty = "presence_penalty"
    case frequencyPenalty = "frequency_penalty"
    case stop
    case outputLimit = "max_completion_tokens"
    case answers = "n"
    case logprobs
    case verbosity
    case endUser = "user"
    case metadata
    case keepsAnswer = "store"
    case cacheKey = "prompt_cache_key"
    case serviceTier = "service_tier"
    case modalities
    case toolChoice = "tool_choice"
    case parallelTools = "parallel_tool_calls"
    case toolSchema = "tools[].function.parameters"
    case toolStrictness = "tools[].function.strict"
    case toolCacheMark = "tools[].cache_control"
    case outputFormat = "response_format"
    case outputSchema = "response_format.json_schema.schema"
    case outputSchemaName = "response_format.json_schema.name"
    case outputSchemaDescription = "response_format.json_schema.description"
    case outputSchemaStrictness = "response_format.json_schema.strict"
    /// Within a call of a tool.
    case callSignature = "extra_content.google.thought_signature"
    /// Within a call of a tool.
    case callArguments = "function.arguments"
    /// Within an image.
    case imageDetail = "image_url.detail"
}

extension Call {
    /// The JSON path of a field in the client's request.
    package func path(of field: CallField) -> String {
        paths[field] ?? field.rawValue
    }
}

/// For protocols that have no word for what these are about.
extension Call {
    /// The paths of what a schema for the answer says besides the schema itself.
    package func outputSchemaNaming(_ schema: OutputSchema) -> [String] {
        var paths: [String] = []
        if schema.name != nil { paths.append(path(of: .outputSchemaName)) }
        if schema.description != nil { paths.append(path(of: .outputSchemaDescription)) }
        return paths
    }

    /// The paths of all marks that want the prompt cached.
    package var cacheMarks: [String] {
        let marked = turns.flatMap(\.parts).flatMap { part -> [Part] in
            guard case .toolResult(let result) = part.content else { return [part] }
            return [part] + result.parts
        }
        let paths = marked.filter { $0.cacheMark != nil }.map { $0.path + ".cache_control" }
        let isToolMarked = tools.contains { if case .function(let tool) = $0 { tool.cacheMark != nil } else { false } }
        return isToolMarked ? paths + [path(of: .toolCacheMark)] : paths
    }
}

/// For protocols in which an answer is one text.
extension Call {
    /// Checks that one answer is asked for, in text.
    ///
    /// - Throws: `unsupportedFeature`: one answer instead of several, or text instead of speech, is not what was asked.
    package func requireOneTextAnswer() throws(GatewayError) {
        guard sampling.answers == 1 else {
            throw GatewayError(
                .unsupportedFeature,
                "This model gives one answer to a request; ask again for more.",
                field: path(of: .answers)
            )
        }
        guard outputModalities.allSatisfy({ $0 == "text" }) else {
            throw GatewayError(
                .unsupportedFeature,
                "This model answers in text only.",
                field: path(of: .modalities)
            )
        }
    }
}
