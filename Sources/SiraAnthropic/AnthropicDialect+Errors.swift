package import SiraCore
package import SiraJSON
internal import SiraWire

extension AnthropicDialect {
    package func errorBody(_ error: GatewayError, request: RequestID) -> [UInt8] {
        var json = JSONWriter(capacity: 256)
        json.object {
            $0.member("type", "error")
            $0.object("error") {
                $0.member("type", errorType(error))
                $0.member("message", "\(error.message) (request \(request))")
                $0.member("code", error.code.rawValue)
                if let field = error.field { $0.member("param", field) }
                if error.code == .unsupportedFeature, error.field == "thread" {
                    // By this, Anthropic's SDKs know that they have to send the whole conversation.
                    $0.object("details") {
                        $0.member("error_code", "thread_unsupported_request")
                        $0.array("unsupported") { $0.element("thread") }
                    }
                }
            }
            $0.member("request_id", request.description)
        }
        return json.bytes
    }

    package func errorEvent(_ error: GatewayError, request: RequestID) -> [UInt8] {
        Array("event: error\ndata: ".utf8) + errorBody(error, request: request) + Array("\n\n".utf8)
    }

    /// Anthropic's word for the kind of error. https://docs.anthropic.com/en/api/errors
    private func errorType(_ error: GatewayError) -> String {
        switch error.status {
        case 401: "authentication_error"
        case 403: "permission_error"
        case 404: "not_found_error"
        case 408, 504: "timeout_error"
        case 413: "request_too_large"
        case 429: "rate_limit_error"
        case 400..<500: "invalid_request_error"
        case 503, 529: "overloaded_error"
        default: "api_error"
        }
    }

    package func readError(status: Int, body: UnsafeRawBufferPointer, indexer: JSONIndexer) -> GatewayError {
        let error = try? indexer.read(body, limits: .answer) { AnthropicError(body: $0) }
        // Anthropic calls an empty account a bad request; the client's request is not at fault.
        if error?.message?.hasPrefix("Your credit balance is too low") == true {
            return .accountRefusal(status: status)
        }
        return .refusal(status: status, saying: error?.message)
    }
}
