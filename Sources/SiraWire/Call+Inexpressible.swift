package import SiraCore

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
        let paths = marked.filter { $0.cacheMark != nil }.map { path(of: .cacheMark, in: $0) }
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
