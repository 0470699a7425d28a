import SiraCore

/// What is said where a path leads nowhere.
enum UnknownPath {
    /// The error, with the one path that was probably meant, or else with all of them.
    static func error(_ method: String, _ path: String) -> GatewayError {
        GatewayError(.unknownPath, "There is nothing at \(method) \(path.prefix(200)). \(hint(path))")
    }

    private static func hint(_ path: String) -> String {
        if path == "/v1/messages/batches" || path.hasPrefix("/v1/messages/batches/") {
            return
                "Anthropic's batches are reached at /providers/anthropic/v1/messages/batches, by keys only where the "
                + "operator has set server.account_paths: pass."
        }
        if let near = near(path) { return "Did you mean \(near)?" }
        return list
    }

    /// The method and path that were probably meant; nil when none is near.
    private static func near(_ path: String) -> String? {
        let known = known
        let paths = known.keys.sorted()
        // Who stops in the middle means the first that goes on from there; who leaves out the version, the rest of it.
        let beginning = path.count > 3 && !path.hasSuffix("/") ? paths.first { $0.hasPrefix(path + "/") } : nil
        let ending = path.count > 3 ? paths.first { path.hasSuffix($0) || "/v1\(path)" == $0 } : nil
        let found = ending ?? beginning ?? NameSuggestion.near(path, among: paths, within: 2).first
        return found.flatMap { name in known[name].map { "\($0) \(name)" } }
    }

    /// The paths without a name in them, with the method of each that is used most.
    private static let known: [String: String] = {
        var paths = Router.proxied.mapValues { _ in "POST" }
        for path in ["/v1/files", "/v1/batches", "/v1/feedback"] { paths[path] = "POST" }
        for path in ["/v1/models", "/v1beta/models", "/v1/realtime", "/health/live", "/health/ready"] {
            paths[path] = "GET"
        }
        return paths
    }()

    private static let list =
        "The API's paths are /v1/chat/completions, /v1/responses, "
        + "/v1/responses/{id}, /v1/responses/{id}/{input_items, cancel}, /v1/completions, /v1/embeddings, "
        + "/v1/moderations, /v1/rerank, /v2/rerank, /v1/images/{generations, edits, variations}, "
        + "/v1/audio/{speech, transcriptions, translations}, /v1/realtime, /v1/messages, /v1/messages/count_tokens, "
        + "/v1beta/models/{model}:{generateContent, streamGenerateContent, countTokens, embedContent, "
        + "batchEmbedContents}, /model/{model}/{converse, converse-stream}, /v2/chat, "
        + "/openai/deployments/{model}/…, /v1/files, /v1/batches, /v1/models, "
        + "/v1/requests/{id}, /v1/feedback and /providers/{provider}/… ."
}
