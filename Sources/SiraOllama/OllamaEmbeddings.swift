package import SiraCore
package import SiraJSON
package import SiraWire

extension OllamaDialect {
    package var embeddingProvider: (any EmbeddingProvider)? { OllamaEmbeddings() }
}

/// Ollama's embeddings.
///
/// Reference: https://docs.ollama.com/api/embed
package struct OllamaEmbeddings: EmbeddingProvider {
    package init() {}

    package func path(to target: TargetModel) -> String { "/api/embed" }

    package func writeEmbeddingCall(_ call: EmbeddingCall, to target: TargetModel) throws(GatewayError) -> WrittenCall {
        var json = JSONWriter()
        json.object {
            $0.member("model", target.name)
            $0.array("input") { list in
                for text in call.texts { list.element(text) }
            }
            if let dimensions = call.dimensions { $0.member("dimensions", dimensions) }
            // A text that is too long is an error, as it is with others, and not cut.
            $0.member("truncate", false)
        }
        return WrittenCall(body: json.bytes, dropped: call.unread + (call.purpose == nil ? [] : [call.purposePath]))
    }

    package func readEmbeddings(_ json: JSONValue) -> EmbeddingAnswer? {
        guard let vectors = json.present("embeddings")?.vectors else { return nil }
        var reported = ReportedUsage(ollama: json)
        // There is no answer whose length could be missing.
        reported?.lacksOutput = false
        return EmbeddingAnswer(vectors: vectors, reported: reported)
    }
}
