internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Serves clients of messages from providers of other protocols.
struct MessagesClient: ConversationClient {
    func readCall(_ json: JSONValue, path: PathFacts) throws(GatewayError) -> Call {
        var reader = MessagesCallReader(json)
        return try reader.read()
    }

    func makeWriter(for request: AnswerRequest) -> any AnswerWriter {
        MessagesWriter(request)
    }
}
