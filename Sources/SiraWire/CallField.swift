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
    case logprobAlternatives = "top_logprobs"
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
    /// Within a thought.
    case thoughtSignature = "signature"
    /// Within a call of a tool.
    case callArguments = "function.arguments"
    /// Within an image.
    case imageDetail = "image_url.detail"
    /// Within any part.
    case cacheMark = "cache_control"
    /// Within a document.
    case documentName = "file.filename"
    case documentContext = "context"
    case documentCitations = "citations"
    /// Within the result of a tool.
    case resultError = "is_error"
}

extension Call {
    /// The JSON path of a field in the client's request.
    package func path(of field: CallField) -> String {
        paths[field] ?? field.rawValue
    }

    /// The JSON path, in the client's request, of a field that parts have.
    package func path(of field: CallField, in part: Part) -> String {
        part.paths[field] ?? "\(part.path).\(path(of: field))"
    }
}
