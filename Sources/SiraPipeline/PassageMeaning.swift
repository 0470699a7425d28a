import SiraWire

/// What a path of a provider asks for, as far as its end tells.
struct PassageMeaning {
    /// Nil where it is nothing that Sira knows.
    var operation: Operation?
    /// The model, where the path names it.
    var model: String?

    init(of path: String) {
        let segments = path.split(separator: "/").map { PercentEncoding.decoded($0) }
        guard let last = segments.last else { return }
        if let colon = last.lastIndex(of: ":"), colon > last.startIndex,
            let google = Self.google[String(last[last.index(after: colon)...])]
        {
            operation = google
            model = String(last[..<colon])
            return
        }
        if segments.count >= 3, segments[segments.count - 3] == "model", let bedrock = Self.bedrock[last] {
            operation = bedrock
            model = segments[segments.count - 2]
            return
        }
        operation = Self.endings.first { segments.ends(with: $0.segments) }?.operation
        // Azure's deployments stand for models.
        if operation != nil, let place = segments.lastIndex(of: "deployments"), place + 1 < segments.count - 1 {
            model = segments[place + 1]
        }
    }

    /// What stands behind the last colon of Google's paths; on Vertex AI other makers' models are asked raw.
    private static let google: [String: Operation?] = [
        "generateContent": .generate, "streamGenerateContent": .generate, "countTokens": .geminiCountTokens,
        "embedContent": .embedContent, "batchEmbedContents": .batchEmbedContents, "rawPredict": .messages,
        "streamRawPredict": .messages, "predict": Operation?.none,
    ]

    /// What stands behind the model in Bedrock's paths; the answers of `invoke` are each maker's own.
    private static let bedrock: [String: Operation?] = [
        "converse": .converse, "converse-stream": .converse, "invoke": Operation?.none,
        "invoke-with-response-stream": Operation?.none,
    ]

    /// How the paths of protocols end that name the model in the body, longer ones first.
    private static let endings: [(segments: [String], operation: Operation)] = [
        (["chat", "completions"], .chat), (["images", "generations"], .imageGeneration),
        (["images", "edits"], .imageEdit), (["images", "variations"], .imageVariation),
        (["audio", "speech"], .speech), (["audio", "transcriptions"], .transcription),
        (["audio", "translations"], .translation), (["messages", "count_tokens"], .countTokens),
        (["v2", "chat"], .cohereChat), (["api", "chat"], .ollamaChat), (["v1", "messages"], .messages),
        (["completions"], .completion), (["embeddings"], .embedding), (["responses"], .response),
        (["moderations"], .moderation), (["rerank"], .rerank),
    ]
}

extension [String] {
    fileprivate func ends(with other: [String]) -> Bool { suffix(other.count).elementsEqual(other) }
}
