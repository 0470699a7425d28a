internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Serves clients of other protocols from Gemini.
struct GenerateProvider: ConversationProvider {
    func writeCall(
        _ call: Call,
        to target: TargetModel,
        indexer: JSONIndexer
    ) throws(GatewayError) -> WrittenCall {
        var writer = GenerateCallWriter(call, to: target, indexer: indexer)
        return try writer.write()
    }

    func makeReader(isStream: Bool, quirks: Quirks) -> any AnswerReader {
        GenerateReader(isStream: isStream)
    }
}
