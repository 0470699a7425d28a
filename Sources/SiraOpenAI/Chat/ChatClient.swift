internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Serves clients of chat completions from providers of other protocols.
struct ChatClient: ConversationClient {
    func readCall(_ json: JSONValue, path: PathFacts) throws(GatewayError) -> Call {
        var reader = ChatCallReader(json)
        return try reader.read()
    }

    func makeWriter(for request: AnswerRequest) -> any AnswerWriter {
        ChatWriter(request)
    }
}
