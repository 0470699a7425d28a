internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Serves clients of other protocols from providers of messages.
struct MessagesProvider: ConversationProvider {
    func writeCall(
        _ call: Call,
        model: String,
        quirks: Quirks,
        indexer: JSONIndexer
    ) throws(GatewayError) -> WrittenCall {
        var writer = MessagesCallWriter(call, quirks: quirks, indexer: indexer)
        return try writer.write(model: model)
    }

    func makeReader(isStream: Bool, quirks: Quirks) -> any AnswerReader {
        MessagesReader(isStream: isStream)
    }
}
