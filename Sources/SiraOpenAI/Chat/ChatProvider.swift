internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Serves clients of other protocols from providers of chat completions.
struct ChatProvider: ConversationProvider {
    func writeCall(
        _ call: Call,
        to target: TargetModel,
        indexer: JSONIndexer
    ) throws(GatewayError) -> WrittenCall {
        var writer = ChatCallWriter(call, to: target, indexer: indexer)
        return try writer.write()
    }

    func makeReader(isStream: Bool, quirks: Quirks) -> any AnswerReader {
        ChatReader(isStream: isStream, costField: quirks.costField)
    }
}
