internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Reads why an answer has failed: the event `error`, the answer's own `error`, or OpenAI's object for errors.
enum ResponsesFailure {
    /// Reads an event of a stream that is no part of an answer; nil when it tells of no error.
    static func event(_ json: JSONValue) -> GatewayError? {
        if json["type"]?.isString("error") == true {
            // OpenAI's document has the members in the event itself, its servers in an object.
            return error(json.present("error").flatMap { $0.kind == .object ? $0 : nil } ?? json)
        }
        guard json["response"] == nil else { return nil }
        return json.present("error").flatMap { $0.kind == .object || $0.kind == .string ? error($0) : nil }
    }

    /// Reads an answer; nil when it has not failed.
    static func response(_ json: JSONValue) -> GatewayError? {
        switch json["status"]?.string {
        case "failed", "cancelled":
            return json.present("error").map(error) ?? .refusal(status: 500, saying: nil)
        case nil:
            guard json["output"] == nil else { return nil }
            return json.present("error").map(error)
        default:
            return nil
        }
    }

    private static func error(_ json: JSONValue) -> GatewayError {
        let error = OpenAIError(json)
        let status = error.status ?? (json["code"]?.string).flatMap(status) ?? 500
        return .refusal(status: status, saying: error.message)
    }

    /// The status for which the code of a failed answer stands: those that the request is to blame for.
    private static func status(_ code: String) -> Int? {
        switch code {
        case "rate_limit_exceeded": 429
        case "server_error", "vector_store_timeout": 500
        case "invalid_prompt", "bio_policy", "image_content_policy_violation": 400
        default: code.contains("image") ? 400 : nil
        }
    }
}
