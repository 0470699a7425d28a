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
    ///
    /// What only asks a model for something is sent by POST. Other methods read, change and delete what is there, so that
    /// those alone are not of the account that tell of models and of the service; and of POST those that have a name of
    /// what accounts hold.
    static func isOfAccount(_ path: String, method: String) -> Bool {
        let segments = path.split(separator: "/").map { PercentEncoding.decoded($0).lowercased() }
        let words = segments.map { String($0.prefix { $0 != ":" }) }
        if words.contains(where: accounts.contains) { return true }
        guard method == "POST" else {
            let isTelling = ["GET", "HEAD", "OPTIONS"].contains(method) && words.contains(where: facts.contains)
            return !isTelling
        }
        // An answer that is kept; without anything behind it, one is asked for, or its tokens.
        if let place = segments.lastIndex(of: "responses"), place < segments.count - 1 {
            return place < segments.count - 2 || !["compact", "input_tokens"].contains(segments[place + 1])
        }
        return segments.firstRange(of: ["chat", "completions"]).map { $0.upperBound < segments.count } ?? false
    }

    /// What tells of models, prices and the service, alike for all.
    private static let facts: Set<String> = [
        "models", "foundation-models", "providers", "tags", "version", "health", "healthz",
    ]

    /// Names in the paths of OpenAI, Anthropic, Google, AWS, Cohere, Mistral, OpenRouter and their followers.
    private static let accounts: Set<String> = [
        "activity", "admin", "agents", "api_keys", "assistants", "async-invoke", "auth", "auth_tokens",
        "automated-reasoning-policies", "balance", "batches", "batchpredictionjobs", "cachedcontents", "client_secrets",
        "connectors", "containers", "conversations", "corpora", "credits", "custom-model-deployments", "custom-models",
        "datasets", "evals", "evaluation-jobs", "files", "filesearchstores", "fine-tunes", "fine_tuning", "finetuning",
        "flows", "generation", "guardrails", "imported-models", "inference-profiles", "interactions", "invitations",
        "jobs", "key", "keys", "knowledgebases", "libraries", "logging", "marketplace-model",
        "model-copy-jobs", "model-customization-jobs", "model-import-jobs", "model-invocation-job",
        "model-invocation-jobs", "operations", "organization", "organizations", "prompts",
        "provisioned-model-throughput", "provisioned-model-throughputs", "sessions", "skills", "threads", "tunedmodels",
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
        (["responses", "compact"], .response), (["responses", "input_tokens"], .response),
        (["v2", "chat"], .cohereChat), (["api", "chat"], .ollamaChat), (["v1", "messages"], .messages),
        (["completions"], .completion), (["embeddings"], .embedding), (["responses"], .response),
        (["moderations"], .moderation), (["rerank"], .rerank), (["embed"], .embedding),
    ]
}

extension [String] {
    fileprivate func ends(with other: [String]) -> Bool { suffix(other.count).elementsEqual(other) }
}
