package import SiraCore
package import SiraJSON

/// Texts whose meaning is asked for as vectors, whatever the protocol.
package struct EmbeddingCall: Hashable, Sendable {
    /// At least one.
    package var texts: [String]
    /// How many numbers each vector is to have; nil for as many as the model gives.
    package var dimensions: Int?
    /// What the vectors are for; nil where the client does not say.
    package var purpose: EmbeddingPurpose?
    /// Whether the client wants its vectors as bytes.
    package var wantsBytes = false
    /// JSON paths of what was asked besides and nobody else's protocol has a word for.
    package var unread: [String] = []
    /// Where the client's request says of these; they differ by protocol.
    package var dimensionsPath = "dimensions"
    package var purposePath = "input_type"

    package init(texts: [String]) {
        self.texts = texts
    }
}

/// What vectors are for: some models make others for questions than for what answers them.
package enum EmbeddingPurpose: Hashable, Sendable, CaseIterable {
    case query, document, similarity, classification, clustering
}

/// The vectors for the texts of an ``EmbeddingCall``, in their order.
package struct EmbeddingAnswer: Sendable {
    /// Lists of numbers, as the provider has written them.
    package var vectors: [RawJSON]
    package var reported: ReportedUsage?

    package init(vectors: [RawJSON], reported: ReportedUsage?) {
        self.vectors = vectors
        self.reported = reported
    }
}

/// The half of a dialect that faces clients who ask for embeddings and are served in another protocol.
package protocol EmbeddingClient: Sendable {
    /// Reads a client's request in full.
    ///
    /// - Throws: `invalidField` when it is not what the protocol says, `unsupportedFeature` when it asks for what only
    ///   the protocol's own models can do.
    func readEmbeddingCall(_ json: JSONValue, _ operation: Operation) throws(GatewayError) -> EmbeddingCall

    /// Writes the answer to a client.
    ///
    /// - Parameter model: its name as the client wrote it.
    func writeEmbeddings(
        _ answer: EmbeddingAnswer,
        to call: EmbeddingCall,
        model: String,
        _ operation: Operation,
        indexer: JSONIndexer
    ) -> [UInt8]
}

/// The half of a dialect that faces providers of embeddings when the request came in another protocol.
package protocol EmbeddingProvider: Sendable {
    /// The path after a base URL.
    func path(to target: TargetModel) -> String

    /// Writes the request for a provider.
    ///
    /// - Throws: `unsupportedFeature` when what would be left out changes what is asked.
    func writeEmbeddingCall(_ call: EmbeddingCall, to target: TargetModel) throws(GatewayError) -> WrittenCall

    /// Reads a provider's answer; nil when it is none.
    func readEmbeddings(_ json: JSONValue) -> EmbeddingAnswer?
}

extension Operation {
    /// Whether the operation asks for embeddings, in whichever protocol.
    package var isEmbedding: Bool { self == .embedding || self == .embedContent || self == .batchEmbedContents }

    /// Whether providers of a protocol can do what clients of another ask for, apart from conversations.
    package func isTranslated(to wire: WireProtocol) -> Bool {
        switch wire {
        case .gemini: isEmbedding || isTokenCount
        case .openai, .cohere, .ollama: isEmbedding
        case .anthropic, .responses: isTokenCount
        case .bedrock: false
        }
    }
}

extension JSONValue {
    /// Copies of the lists of numbers in a list; nil when it is none, or holds something else.
    package var vectors: [RawJSON]? {
        guard kind == .array else { return nil }
        var vectors: [RawJSON] = []
        for element in elements {
            guard let vector = element.vector else { return nil }
            vectors.append(vector)
        }
        return vectors
    }

    /// A copy of a list of numbers; nil when it is none.
    package var vector: RawJSON? {
        guard kind == .array, elements.allSatisfy({ $0.kind == .number }) else { return nil }
        return rawJSON
    }
}
