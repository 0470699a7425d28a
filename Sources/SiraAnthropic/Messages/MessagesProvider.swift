internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Serves clients of other protocols from providers of messages.
struct MessagesProvider: ConversationProvider {
    func writeCall(
        _ call: Call,
        to target: TargetModel,
        indexer: JSONIndexer
    ) throws(GatewayError) -> WrittenCall {
        var writer = MessagesCallWriter(call, to: target, indexer: indexer)
        return try writer.write()
    }

    func makeReader(isStream: Bool, quirks: Quirks) -> any AnswerReader {
        MessagesReader(isStream: isStream)
    }
}
