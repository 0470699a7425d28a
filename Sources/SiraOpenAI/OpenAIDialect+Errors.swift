package import SiraCore
package import SiraJSON
internal import SiraWire

extension OpenAIDialect {
    package func errorBody(_ error: GatewayError, request: RequestID) -> [UInt8] {
        var json = JSONWriter(capacity: 256)
        json.object {
            $0.object("error") {
                $0.member("message", "\(error.message) (request \(request))")
                $0.member("type", errorType(error))
                if let field = error.field { $0.member("param", field) } else { $0.null("param") }
                $0.member("code", error.code.rawValue)
            }
            $0.member("request_id", request.description)
        }
        return json.bytes
    }

    package func errorEvent(_ error: GatewayError, request: RequestID) -> [UInt8] {
        Array("data: ".utf8) + errorBody(error, request: request) + Array("\n\n".utf8)
    }

    /// OpenAI's word for the kind of error.
    private func errorType(_ error: GatewayError) -> String {
        switch error.status {
        case 401: "authentication_error"
        case 403: "permission_error"
        case 429: "rate_limit_error"
        case 400..<500: "invalid_request_error"
        default: "server_error"
        }
    }

    package func readError(status: Int, body: UnsafeRawBufferPointer, indexer: JSONIndexer) -> GatewayError {
        let error = try? indexer.read(body, limits: .answer) { OpenAIError(body: $0) }
        return .refusal(status: status, saying: error?.message)
    }
}
