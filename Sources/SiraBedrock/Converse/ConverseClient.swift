internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Serves clients of Bedrock's protocol from providers of others.
struct ConverseClient: ConversationClient {
    func readCall(_ json: JSONValue, path: PathFacts) throws(GatewayError) -> Call {
        var reader = ConverseCallReader(json)
        return try reader.read(isStream: path.isStream)
    }

    func makeWriter(for request: AnswerRequest) -> any AnswerWriter {
        ConverseWriter(request)
    }
}
