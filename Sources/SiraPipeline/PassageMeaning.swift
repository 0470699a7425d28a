import SiraWire

/// What a path of a provider asks for, as far as its end tells.
struct PassageMeaning {
    /// Nil where it is nothing that Sira knows.
    var operation: Operation?
    /// The model, where the path names it.
    var model: String?
    /// Whether nothing is known of what it asks for, so that a model in the body may mean anything.
    var isUnknown: Bool { operation == nil && model == nil }

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

    /// Whether the path leads to things of the whole account: what other keys have made, the account itself, or
    /// credentials for it.
    static func isOfAccount(_ path: String) -> Bool {
        let segments = path.split(separator: "/").map { PercentEncoding.decoded($0).lowercased() }
        if segments.contains(where: { accounts.contains(String($0.prefix { $0 != ":" })) }) { return true }
        // An answer that is kept; without anything behind it, one is asked for.
        return segments.lastIndex(of: "responses").map { $0 < segments.count - 1 } ?? false
    }

    /// Names in the paths of OpenAI, Anthropic, Google, Cohere, Mistral and their followers.
    private static let accounts: Set<String> = [
        "admin", "agents", "api_keys", "assistants", "auth_tokens", "batches", "batchpredictionjobs", "cachedcontents",
        "client_secrets", "connectors", "containers", "conversations", "corpora", "datasets", "evals", "files",
        "filesearchstores", "fine-tunes", "fine_tuning", "finetuning", "interactions", "invitations", "jobs", "keys",
        "libraries", "operations", "organization", "organizations", "sessions", "skills", "threads", "tunedmodels",
        "uploads", "usage", "users", "vector_stores", "videos", "webhooks", "workspaces",
    ]

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
        (["moderations"], .moderation), (["rerank"], .rerank), (["embed"], .embedding),
    ]
}

extension [String] {
    fileprivate func ends(with other: [String]) -> Bool { suffix(other.count).elementsEqual(other) }
}
