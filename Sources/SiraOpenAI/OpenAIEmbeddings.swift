package import SiraCore
package import SiraJSON
package import SiraWire

extension OpenAIDialect {
    package var embeddingClient: (any EmbeddingClient)? { OpenAIEmbeddings() }
    package var embeddingProvider: (any EmbeddingProvider)? { OpenAIEmbeddings() }
}

/// OpenAI's embeddings, as clients ask for them and its followers answer.
///
/// Reference: https://platform.openai.com/docs/api-reference/embeddings
package struct OpenAIEmbeddings: EmbeddingClient, EmbeddingProvider {
    package init() {}

    // MARK: clients

    package func readEmbeddingCall(
        _ json: JSONValue,
        _ operation: Operation
    ) throws(GatewayError) -> EmbeddingCall {
        let fields = try RequestFields(json)
        try fields.require("input", "the text to embed")
        var call = EmbeddingCall(texts: try Self.texts(json["input"]))
        call.dimensions = try fields.count("dimensions")
        if let format = json.present("encoding_format") {
            guard format.isString("float") || format.isString("base64") else {
                throw GatewayError(
                    .invalidField,
                    "\"encoding_format\" must be float or base64.",
                    field: "encoding_format"
                )
            }
            call.wantsBytes = format.isString("base64")
        }
        // Not OpenAI's, but many of its followers'.
        if let word = json.present("input_type")?.string { call.purpose = Self.purposes[word.lowercased()] }
        for (key, value) in json.members where !value.asksForNothing {
            guard let name = key.string, !["model", "input", "dimensions", "encoding_format"].contains(name),
                name != "input_type" || call.purpose == nil
            else { continue }
            call.unread.append(name)
        }
        return call
    }

    private static func texts(_ input: JSONValue?) throws(GatewayError) -> [String] {
        if let text = input?.string { return [text] }
        let elements = input.map { Array($0.elements) } ?? []
        if let index = elements.firstIndex(where: { $0.kind == .number || $0.kind == .array }) {
            throw GatewayError(
                .unsupportedFeature,
                "Tokens mean something to the model alone whose they are. Send the texts themselves.",
                field: "input[\(index)]"
            )
        }
        let texts = elements.compactMap(\.string)
        guard !texts.isEmpty, texts.count == elements.count else {
            throw GatewayError(.invalidField, "\"input\" must be a text or a list of texts.", field: "input")
        }
        return texts
    }

    private static let purposes: [String: EmbeddingPurpose] = [
        "query": .query, "search_query": .query, "document": .document, "passage": .document,
        "search_document": .document, "classification": .classification, "clustering": .clustering,
        "similarity": .similarity, "semantic_similarity": .similarity,
    ]

    package func writeEmbeddings(
        _ answer: EmbeddingAnswer,
        to call: EmbeddingCall,
        model: String,
        _ operation: Operation,
        indexer: JSONIndexer
    ) -> [UInt8] {
        var json = JSONWriter(capacity: 512 + answer.vectors.reduce(0) { $0 + $1.bytes.count + 64 })
        json.object {
            $0.member("object", "list")
            $0.array("data") { list in
                for (index, vector) in answer.vectors.enumerated() {
                    list.object {
                        $0.member("object", "embedding")
                        $0.member("index", index)
                        if call.wantsBytes {
                            $0.member("embedding", Base64.encoded(Self.bytes(of: vector, indexer)))
                        } else {
                            $0.member("embedding", vector)
                        }
                    }
                }
            }
            $0.member("model", model)
            $0.object("usage") {
                // Clients read the figures without a look whether they are there.
                $0.member("prompt_tokens", answer.reported?.usage.input ?? 0)
                $0.member("total_tokens", answer.reported?.usage.input ?? 0)
            }
        }
        return json.bytes
    }

    /// The numbers with 32 bits each, the lowest first.
    private static func bytes(of vector: RawJSON, _ indexer: JSONIndexer) -> [UInt8] {
        let bytes = try? indexer.read(vector.bytes, limits: .answer) { json in
            json.elements.flatMap { number in
                withUnsafeBytes(of: Float(number.double ?? 0).bitPattern.littleEndian) { Array($0) }
            }
        }
        return bytes ?? []
    }

    // MARK: providers

    package func path(to target: TargetModel) -> String {
        OpenAIDialect().path(of: .embedding, to: target, isStream: false)
    }

    package func writeEmbeddingCall(_ call: EmbeddingCall, to target: TargetModel) throws(GatewayError) -> WrittenCall {
        var json = JSONWriter()
        json.object {
            $0.member("model", target.name)
            $0.array("input") { list in
                for text in call.texts { list.element(text) }
            }
            if let dimensions = call.dimensions { $0.member("dimensions", dimensions) }
            $0.member("encoding_format", "float")
        }
        return WrittenCall(body: json.bytes, dropped: call.unread + (call.purpose == nil ? [] : [call.purposePath]))
    }

    package func readEmbeddings(_ json: JSONValue) -> EmbeddingAnswer? {
        guard let data = json.present("data"), data.kind == .array else { return nil }
        var vectors: [(index: Int64, vector: RawJSON)] = []
        for item in data.elements {
            guard let vector = item.present("embedding")?.vector else { return nil }
            vectors.append((item["index"]?.integer ?? Int64(vectors.count), vector))
        }
        vectors.sort { $0.index < $1.index }
        return EmbeddingAnswer(
            vectors: vectors.map(\.vector),
            reported: json.present("usage").flatMap { ReportedUsage(openAI: $0, of: .embedding, costField: nil) }
        )
    }
}
