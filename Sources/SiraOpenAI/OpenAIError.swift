internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// The `error` of a provider's answer: OpenAI's object, or what its followers put there instead.
struct OpenAIError {
    var message: String?
    /// The HTTP status that the error itself names, by number or by its type.
    var status: Int?

    /// An error of which nothing is said.
    init() {}

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

    /// Reads an event of a stream; nil when it tells of no error.
    init?(event root: JSONValue) {
        guard let error = root.present("error"), error.kind == .object || error.string?.isEmpty == false else {
            return nil
        }
        self.init(error)
    }

    /// Reads a whole body whose status was good; nil when it holds an answer, or no error.
    init?(whole root: JSONValue) {
        let answers = [root["choices"], root["data"]].compactMap(\.self)
        guard !answers.contains(where: { $0.elements.contains { _ in true } }) else { return nil }
        self.init(event: root)
    }

    /// The status for which a word stands, of OpenAI's and of those that its followers have added.
    private static func status(_ type: String) -> Int? {
        switch type {
        case "invalid_request_error", "BadRequestError", "context_length_exceeded", "content_filter",
            "data_inspection_failed":
            400
        case "authentication_error", "invalid_api_key", "invalid_authentication_error", "incorrect_api_key_error": 401
        case "permission_error", "permission_denied_error": 403
        case "not_found_error", "model_not_found", "resource_not_found_error": 404
        case "rate_limit_error", "rate_limit_exceeded", "insufficient_quota", "tokens", "requests",
            "rate_limit_reached_error", "exceeded_current_quota_error", "engine_overloaded_error":
            429
        case "overloaded_error": 529
        default: nil
        }
    }

    /// The error as it ends a stream whose HTTP status was 200.
    var inStream: GatewayError { .refusal(status: status ?? 500, saying: message) }
}
