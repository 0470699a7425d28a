package import SiraCore
package import SiraJSON
package import SiraWire

extension CohereDialect {
    package var embeddingProvider: (any EmbeddingProvider)? { CohereEmbeddings() }
}

/// Cohere's embeddings, second version.
///
/// Reference: https://docs.cohere.com/reference/embed
package struct CohereEmbeddings: EmbeddingProvider {
    package init() {}

    package func path(to target: TargetModel) -> String {
        CohereDialect().path(of: .embedding, to: target, isStream: false)
    }

    package func writeEmbeddingCall(_ call: EmbeddingCall, to target: TargetModel) throws(GatewayError) -> WrittenCall {
        var json = JSONWriter()
        json.object {
            $0.member("model", target.name)
            $0.array("texts") { list in
                for text in call.texts { list.element(text) }
            }
            $0.member("input_type", Self.word(for: call.purpose))
            $0.array("embedding_types") { $0.element("float") }
            if let dimensions = call.dimensions { $0.member("output_dimension", dimensions) }
            // A text that is too long is an error, as it is with others, and not embedded in part.
            $0.member("truncate", "NONE")
        }
        return WrittenCall(body: json.bytes, dropped: call.unread)
    }

    /// Cohere demands that it is told; what is kept to be found is what most texts are embedded for.
    private static func word(for purpose: EmbeddingPurpose?) -> String {
        switch purpose {
        case .query: "search_query"
        case .classification: "classification"
        case .clustering, .similarity: "clustering"
        case .document, nil: "search_document"
        }
    }

    package func readEmbeddings(_ json: JSONValue) -> EmbeddingAnswer? {
        guard let embeddings = json.present("embeddings") else { return nil }
        guard let vectors = embeddings.kind == .object ? embeddings.present("float")?.vectors : embeddings.vectors
        else {
            return nil
        }
        return EmbeddingAnswer(
            vectors: vectors,
            reported: json.present("meta").flatMap { ReportedUsage(cohere: $0) }
        )
    }
}
