internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Serves clients of Cohere's protocol from other providers' models.
struct CohereClient: ConversationClient {
    func readCall(_ json: JSONValue, path: PathFacts) throws(GatewayError) -> Call {
        var reader = CohereCallReader(json)
        return try reader.read()
    }

    var answersTellOfRequest: Bool { true }

    func makeWriter(for request: AnswerRequest) -> any AnswerWriter { CohereWriter(request) }
}
