package import SiraCore
package import SiraJSON
internal import SiraWire

extension BedrockDialect {
    package func errorBody(_ error: GatewayError, request: RequestID) -> [UInt8] {
        var json = JSONWriter(capacity: 256)
        json.object {
            // Amazon's clients look for the kind here where no header field names it, unless there is a "code".
            $0.member("__type", BedrockError.type(of: error))
            $0.member("message", "\(error.message) (request \(request))")
            $0.member("reason", error.code.rawValue)
            if let field = error.field { $0.member("param", field) }
        }
        return json.bytes
    }

    package func errorEvent(_ error: GatewayError, request: RequestID) -> [UInt8] {
        var json = JSONWriter(capacity: 256)
        json.object { $0.member("message", "\(error.message) (request \(request))") }
        return StreamEvent.exception(BedrockError.streamType(of: error), json.bytes)
    }

    package func readError(status: Int, body: UnsafeRawBufferPointer, indexer: JSONIndexer) -> GatewayError {
        let error = try? indexer.read(body, limits: .answer) { BedrockError(body: $0) }
        return (error ?? BedrockError()).answer(status: status)
    }
}
