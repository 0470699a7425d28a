internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Serves Gemini's clients from providers of other protocols.
struct GenerateClient: ConversationClient {
    func readCall(_ json: JSONValue, path: PathFacts) throws(GatewayError) -> Call {
        var reader = GenerateCallReader(json)
        return try reader.read(isStream: path.isStream)
    }

    var answersTellOfRequest: Bool { true }

    func makeWriter(for request: AnswerRequest) -> any AnswerWriter {
        GenerateWriter(request)
    }
}
