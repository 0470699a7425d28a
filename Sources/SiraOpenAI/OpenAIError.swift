internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// The `error` of a provider's answer: OpenAI's object, or what its followers put there instead.
struct OpenAIError {
    var message: String?
    /// The HTTP status that the error itself names, by number or by its type.
    var status: Int?

    /// Reads the value of `error`.
    init(_ json: JSONValue) {
        guard json.kind == .object else {
            message = json.string
            return
        }
        message = json["message"]?.string ?? json["detail"]?.string
        let number = json["code"]?.integer ?? json["status"]?.integer ?? json["code"]?.string.flatMap { Int64($0) }
        if let number, (400..<600).contains(number) {
            status = Int(number)
        } else {
            status = (json["type"]?.string).flatMap(Self.status) ?? (json["code"]?.string).flatMap(Self.status)
        }
    }

    /// Reads the body of an error answer: `{"error": …}`, or the shapes of FastAPI, vLLM and others.
    init(body root: JSONValue) {
        if let error = root.present("error") {
            self.init(error)
        } else {
            self.init(root)
        }
    }

    private static func status(_ type: String) -> Int? {
        switch type {
        case "invalid_request_error", "BadRequestError", "context_length_exceeded": 400
        case "authentication_error", "invalid_api_key": 401
        case "permission_error": 403
        case "not_found_error", "model_not_found": 404
        case "rate_limit_error", "rate_limit_exceeded", "insufficient_quota", "tokens", "requests": 429
        case "overloaded_error": 529
        default: nil
        }
    }

    /// The error as it ends a stream whose HTTP status was 200.
    var inStream: GatewayError { .refusal(status: status ?? 500, saying: message) }
}
