package import SiraCore
package import SiraJSON
internal import SiraWire

extension GeminiDialect {
    package func errorBody(_ error: GatewayError, request: RequestID) -> [UInt8] {
        var json = JSONWriter(capacity: 256)
        json.object {
            $0.object("error") {
                $0.member("code", error.status)
                $0.member("message", "\(error.message) (request \(request))")
                $0.member("status", GeminiError.word(error.status))
                $0.array("details") {
                    $0.object {
                        $0.member("@type", "type.googleapis.com/google.rpc.ErrorInfo")
                        $0.member("reason", error.code.rawValue)
                        $0.object("metadata") {
                            $0.member("request_id", request.description)
                            if let field = error.field { $0.member("field", field) }
                        }
                    }
                }
            }
        }
        return json.bytes
    }

    package func errorEvent(_ error: GatewayError, request: RequestID) -> [UInt8] {
        Array("data: ".utf8) + errorBody(error, request: request) + Array("\n\n".utf8)
    }

    package func readError(status: Int, body: UnsafeRawBufferPointer, indexer: JSONIndexer) -> GatewayError {
        let error = try? indexer.read(body, limits: .answer) { GeminiError(body: $0) }
        return error.flatMap(\.self)?.refusal(status: status) ?? .refusal(status: status, saying: nil)
    }
}
