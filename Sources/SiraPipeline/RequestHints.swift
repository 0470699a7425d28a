import SiraJSON

/// What a request's body says that limits and books want to know, whatever protocol it is in.
struct RequestHints: Hashable, Sendable {
    /// The end user, as the client names it.
    var user = ""
    /// The most tokens that the answer may have.
    var outputLimit: Int?
    /// How many answers are asked for.
    var answers = 1

    init() {}

    /// Reads the members at the top of a body, each once.
    init(_ json: JSONValue) {
        for (key, value) in json.members {
            guard let name = key.plainString else { continue }
            switch name.count {
            case 1 where name.equals("n"): answers = Self.count(value) ?? 1
            case 4 where name.equals("user"): user = value.string ?? user
            case 8 where name.equals("metadata"): user = value["user_id"]?.string ?? user
            case 7 where name.equals("options"): outputLimit = Self.count(value["num_predict"]) ?? outputLimit
            case 10 where name.equals("max_tokens"): outputLimit = Self.count(value) ?? outputLimit
            case 15 where name.equals("inferenceConfig"):
                outputLimit = Self.count(value["maxTokens"]) ?? outputLimit
            case 16 where name.equals("generationConfig"):
                outputLimit = Self.count(value["maxOutputTokens"]) ?? outputLimit
            case 17 where name.equals("max_output_tokens"): outputLimit = Self.count(value) ?? outputLimit
            case 17 where name.equals("safety_identifier"): user = value.string ?? user
            case 21 where name.equals("max_completion_tokens"): outputLimit = Self.count(value) ?? outputLimit
            default: break
            }
        }
    }

    private static func count(_ json: JSONValue?) -> Int? {
        json?.integer.flatMap { $0 > 0 ? Int(min($0, 1_000_000_000)) : nil }
    }
}
