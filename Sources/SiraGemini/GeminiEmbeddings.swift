package import SiraCore
package import SiraJSON
package import SiraWire

extension GeminiDialect {
    package var embeddingClient: (any EmbeddingClient)? { GeminiEmbeddings() }
    package var embeddingProvider: (any EmbeddingProvider)? { GeminiEmbeddings() }
}

/// Gemini's embeddings: `embedContent` and `batchEmbedContents`; on Vertex AI, which has them not for all models,
/// `predict`.
///
/// References: https://ai.google.dev/api/embeddings,
/// https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api
package struct GeminiEmbeddings: EmbeddingClient, EmbeddingProvider {
    package init() {}

    // MARK: clients

    package func readEmbeddingCall(
        _ json: JSONValue,
        _ operation: Operation
    ) throws(GatewayError) -> EmbeddingCall {
        guard operation == .batchEmbedContents else { return try Self.readOne(json, path: "") }
        var call = EmbeddingCall(texts: [])
        let requests = json["requests"].map { Array($0.elements) } ?? []
        for (index, request) in requests.enumerated() {
            let one = try Self.readOne(request, path: "requests[\(index)].")
            let isFirst = index == 0
            guard isFirst || (one.dimensions == call.dimensions && one.purpose == call.purpose) else {
                throw GatewayError(
                    .unsupportedFeature,
                    "This model's provider embeds all texts of a request alike. Ask for those that differ by themselves.",
                    field: "requests[\(index)]"
                )
            }
            let texts = call.texts + one.texts
            let unread = call.unread + one.unread
            if isFirst { call = one }
            (call.texts, call.unread) = (texts, unread)
        }
        guard !call.texts.isEmpty else {
            throw GatewayError(.invalidField, "Give at least one request in \"requests\".", field: "requests")
        }
        return call
    }

    private static func readOne(_ json: JSONValue, path: String) throws(GatewayError) -> EmbeddingCall {
        guard let content = json.present("content") else {
            throw GatewayError(.invalidField, "Give what is to be embedded in \"content\".", field: path + "content")
        }
        let parts = content.present("parts").map { $0.kind == .array ? Array($0.elements) : [$0] }
        var text = ""
        for part in parts ?? [content] {
            guard let words = part.string ?? part["text"]?.string else {
                throw GatewayError(
                    .unsupportedFeature,
                    "This model's provider embeds texts only.",
                    field: path + "content.parts"
                )
            }
            text += words
        }
        var call = EmbeddingCall(texts: [text])
        call.dimensionsPath = path + "outputDimensionality"
        call.purposePath = path + "taskType"
        if let value = json.field("outputDimensionality", "output_dimensionality"), !value.isNull {
            call.dimensions = try RequestFields.count(value, field: call.dimensionsPath)
        }
        let word = json.field("taskType", "task_type")?.string
        call.purpose = word.flatMap { word in words.first { $0.value == word }?.key }
        if word != nil, call.purpose == nil, word != "TASK_TYPE_UNSPECIFIED" { call.unread.append(call.purposePath) }
        let known: Set<String> = [
            "model", "content", "taskType", "task_type", "outputDimensionality", "output_dimensionality",
        ]
        for (key, value) in json.members where !value.asksForNothing {
            if let name = key.string, !known.contains(name) { call.unread.append(path + name) }
        }
        return call
    }

    private static let words: [EmbeddingPurpose: String] = [
        .query: "RETRIEVAL_QUERY", .document: "RETRIEVAL_DOCUMENT", .similarity: "SEMANTIC_SIMILARITY",
        .classification: "CLASSIFICATION", .clustering: "CLUSTERING",
    ]

    package func writeEmbeddings(
        _ answer: EmbeddingAnswer,
        to call: EmbeddingCall,
        model: String,
        _ operation: Operation,
        indexer: JSONIndexer
    ) -> [UInt8] {
        var json = JSONWriter(capacity: 512 + answer.vectors.reduce(0) { $0 + $1.bytes.count + 16 })
        json.object {
            if operation == .embedContent, let vector = answer.vectors.first {
                $0.object("embedding") { $0.member("values", vector) }
            } else {
                $0.array("embeddings") { list in
                    for vector in answer.vectors { list.object { $0.member("values", vector) } }
                }
            }
            if let usage = answer.reported?.usage {
                $0.object("usageMetadata") {
                    $0.member("promptTokenCount", usage.input)
                    $0.member("totalTokenCount", usage.input)
                }
            }
        }
        return json.bytes
    }

    // MARK: providers

    package func path(to target: TargetModel) -> String {
        guard target.quirks.hosting == .vertex else {
            return GeminiDialect().path(of: .batchEmbedContents, to: target, isStream: false)
        }
        return "/publishers/google/models/\(GeminiModel.name(target.name)):predict"
    }

    package func writeEmbeddingCall(_ call: EmbeddingCall, to target: TargetModel) throws(GatewayError) -> WrittenCall {
        if target.quirks.hosting == .vertex, target.name.contains("gemini-embedding"), call.texts.count > 1 {
            throw GatewayError(
                .unsupportedFeature,
                "This model takes one text at a time on Vertex AI; send each by itself.",
                field: "input"
            )
        }
        let purpose = call.purpose.flatMap { Self.words[$0] }
        var json = JSONWriter()
        json.object {
            if target.quirks.hosting == .vertex {
                $0.array("instances") { list in
                    for text in call.texts {
                        list.object {
                            $0.member("content", text)
                            if let purpose { $0.member("task_type", purpose) }
                        }
                    }
                }
                $0.object("parameters") {
                    // A text that is too long is an error, as it is with others, and not embedded in part.
                    $0.member("autoTruncate", false)
                    if let dimensions = call.dimensions { $0.member("outputDimensionality", dimensions) }
                }
            } else {
                $0.array("requests") { list in
                    for text in call.texts {
                        list.object { $0.writeRequest(text, purpose, call.dimensions, target) }
                    }
                }
            }
        }
        return WrittenCall(body: json.bytes, dropped: call.unread)
    }

    package func readEmbeddings(_ json: JSONValue) -> EmbeddingAnswer? {
        if let predictions = json.present("predictions") { return Self.read(predictions: predictions) }
        guard let embeddings = json.present("embeddings"), embeddings.kind == .array else { return nil }
        var vectors: [RawJSON] = []
        for embedding in embeddings.elements {
            guard let vector = embedding["values"]?.vector else { return nil }
            vectors.append(vector)
        }
        let metadata = json.field("usageMetadata", "usage_metadata")
        return EmbeddingAnswer(
            vectors: vectors,
            reported: metadata.flatMap { ReportedUsage(gemini: $0, hasAnswer: false) }
        )
    }

    private static func read(predictions: JSONValue) -> EmbeddingAnswer? {
        var vectors: [RawJSON] = []
        var tokens: Int?
        for prediction in predictions.elements {
            let embeddings = prediction["embeddings"]
            guard let vector = embeddings?["values"]?.vector else { return nil }
            vectors.append(vector)
            if let count = embeddings?["statistics"]?["token_count"]?.integer, (0...1 << 32).contains(count) {
                tokens = (tokens ?? 0) + Int(count)
            }
        }
        return EmbeddingAnswer(
            vectors: vectors,
            reported: tokens.map { ReportedUsage(Usage(input: $0, output: 0)) }
        )
    }
}

extension JSONWriter {
    fileprivate mutating func writeRequest(_ text: String, _ purpose: String?, _ size: Int?, _ target: TargetModel) {
        member("model", "models/" + GeminiModel.name(target.name))
        object("content") {
            $0.array("parts") { $0.object { $0.member("text", text) } }
        }
        if let purpose { member("taskType", purpose) }
        if let size { member("outputDimensionality", size) }
    }
}
