internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// OpenAI's Realtime: messages are JSON objects with a `type`, called events.
///
/// Reference: https://platform.openai.com/docs/api-reference/realtime
struct RealtimeSessions: SessionDialect {
    var path: String { "/realtime" }

    func makeObserver(_ models: SessionModels, quirks: Quirks) -> any SessionObserver {
        RealtimeObserver(models, costField: quirks.costField)
    }

    func errorMessage(_ error: GatewayError, request: RequestID) -> [UInt8] {
        var json = JSONWriter(capacity: 256)
        json.object {
            $0.member("type", "error")
            // The provider's own begin with `event_` as well, and what follows is never the name of a request.
            $0.member("event_id", "event_\(request)")
            $0.object("error") {
                $0.member("type", error.code.blame == .client ? "invalid_request_error" : "server_error")
                $0.member("code", error.code.rawValue)
                $0.member("message", "\(error.message) (request \(request))")
                if let field = error.field { $0.member("param", field) } else { $0.null("param") }
                $0.null("event_id")
            }
        }
        return json.bytes
    }
}
