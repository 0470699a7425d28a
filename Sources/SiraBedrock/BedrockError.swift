internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// An error as Bedrock writes it: `{"message": …}`, with its kind beside it.
struct BedrockError {
    var message: String?
    /// The status that the model's own server gave, where the model failed.
    var originalStatus: Int?

    init(message: String? = nil) {
        self.message = message
    }

    /// Reads the body of an error answer, or the payload of an exception in a stream.
    init(body root: JSONValue) {
        let text = root["message"] ?? root["Message"] ?? root["originalMessage"]
        message = text?.string
        originalStatus = root["originalStatusCode"]?.integer.flatMap { (400..<600).contains($0) ? Int($0) : nil }
    }

    /// The error of an answer with this status.
    ///
    /// Bedrock calls it a fault of the client's (424) when the model fails.
    func answer(status: Int) -> GatewayError {
        guard status == 424 else { return .refusal(status: status, saying: message) }
        var error = GatewayError.refusal(status: 500, saying: message)
        error.upstreamStatus = status
        return error
    }

    /// The error as it ends a stream whose HTTP status was 200.
    ///
    /// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html
    func inStream(type: String?) -> GatewayError {
        let status =
            switch type?.lowercased() {
            case "validationexception", "servicequotaexceededexception": 400
            case "accessdeniedexception": 403
            case "resourcenotfoundexception": 404
            case "modeltimeoutexception": 408
            case "throttlingexception", "modelnotreadyexception": 429
            case "serviceunavailableexception": 503
            default: originalStatus ?? 500
            }
        return .refusal(status: status, saying: message)
    }

    /// The service's word for the kind of error, as its own clients know it.
    static func type(of error: GatewayError) -> String {
        switch error.status {
        case 401, 403: "AccessDeniedException"
        case 404: "ResourceNotFoundException"
        case 408, 504: "ModelTimeoutException"
        case 429: "ThrottlingException"
        case 400..<500: "ValidationException"
        case 503: "ServiceUnavailableException"
        default: "InternalServerException"
        }
    }

    /// The kind of an error in a stream, of which there are fewer.
    static func streamType(of error: GatewayError) -> String {
        switch error.status {
        case 429: "throttlingException"
        case 400..<500: "validationException"
        case 503: "serviceUnavailableException"
        case 500: "internalServerException"
        default: "modelStreamErrorException"
        }
    }
}
