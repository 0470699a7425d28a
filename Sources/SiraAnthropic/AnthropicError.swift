internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// An error as Anthropic writes it.
struct AnthropicError {
    var type: String?
    var message: String?

    init() {}

    /// Reads `{"type": "error", "error": {"type", "message"}}`, as a body or as the data of an event.
    init(body root: JSONValue) {
        let error = root.present("error") ?? root
        type = error["type"]?.string
        message = error["message"]?.string ?? error.string
    }

    /// Reads what came where an answer was expected, in a stream or whole; nil when it is no error.
    ///
    /// Some followers leave the type out.
    init?(insteadOfAnswer root: JSONValue) {
        guard let type = root["type"] else {
            guard root.present("error")?.kind == .object else { return nil }
            self.init(body: root)
            return
        }
        guard type.isString("error") else { return nil }
        self.init(body: root)
    }

    /// The error as it ends a stream whose HTTP status was 200. https://docs.anthropic.com/en/api/errors
    var inStream: GatewayError {
        let status =
            switch type {
            case "invalid_request_error": 400
            case "authentication_error": 401
            case "permission_error": 403
            case "not_found_error": 404
            case "request_too_large": 413
            case "rate_limit_error": 429
            case "timeout_error": 504
            case "overloaded_error": 529
            default: 500
            }
        return .refusal(status: status, saying: message)
    }
}
