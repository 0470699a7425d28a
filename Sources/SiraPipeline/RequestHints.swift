import SiraJSON
import SiraWire

/// What a request's body says that limits and books want to know.
struct RequestHints: Hashable, Sendable {
    /// The end user, as the client names it.
    var user = ""
    /// The most tokens that an answer may have; the largest where several are said.
    var outputLimit: Int?
    /// How many answers are asked for.
    var answers = 1

    init() {}

    /// Reads the members at the top of a body, each once.
    ///
    /// Limits count where the protocol has them alone: a member that the provider passes over must not make a request
    /// look cheap.
    init(_ json: JSONValue, as wire: WireProtocol) {
        for (key, value) in json.members {
            guard let name = key.plainString else { continue }
            if name.equals("user") || name.equals("safety_identifier") {
                user = value.string ?? user
            } else if name.equals("metadata") {
                user = value["user_id"]?.string ?? user
            } else {
                switch wire {
                case .openai:
                    if name.equals("max_tokens") || name.equals("max_completion_tokens") { limit(value) }
                    if name.equals("n") { answers = max(answers, Self.count(value) ?? 1) }
                case .anthropic, .cohere:
                    if name.equals("max_tokens") { limit(value) }
                case .responses:
                    if name.equals("max_output_tokens") { limit(value) }
                case .gemini:
                    guard name.equals("generationConfig") || name.equals("generation_config") else { continue }
                    limit(value["maxOutputTokens"] ?? value["max_output_tokens"])
                    answers = max(answers, Self.count(value["candidateCount"] ?? value["candidate_count"]) ?? 1)
                case .bedrock:
                    if name.equals("inferenceConfig") { limit(value["maxTokens"]) }
                case .ollama:
                    if name.equals("options") { limit(value["num_predict"]) }
                }
            }
        }
    }

    private mutating func limit(_ json: JSONValue?) {
        guard let count = Self.count(json) else { return }
        outputLimit = max(outputLimit ?? 0, count)
    }

    private static func count(_ json: JSONValue?) -> Int? {
        json?.integer.flatMap { $0 > 0 ? Int(min($0, 1_000_000_000)) : nil }
    }
}
