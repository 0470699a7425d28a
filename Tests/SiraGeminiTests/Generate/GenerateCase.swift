import SiraCore
import SiraGemini
import SiraJSON
import SiraTesting
import SiraWire

/// Requests and answers of Gemini on their way through its dialect.
enum GenerateCase {
    static var client: any ConversationClient { GeminiDialect().client! }
    static var provider: any ConversationProvider { GeminiDialect().provider! }

    static func call(_ text: String, isStream: Bool = false) throws -> Call {
        try JSONIndexer().read(Array(text.utf8)) {
            try client.readCall($0, path: PathFacts(model: "gemini-3-pro", isStream: isStream))
        }
    }

    static func write(_ call: Call, model: String = "gemini-3-pro", quirks: Quirks = Quirks()) throws -> WrittenCall {
        try provider.writeCall(call, to: TargetModel(name: model, quirks: quirks), indexer: JSONIndexer())
    }

    static func text(_ call: Call, model: String = "gemini-3-pro", quirks: Quirks = Quirks()) throws -> String {
        String(decoding: try write(call, model: model, quirks: quirks).body, as: UTF8.self)
    }

    /// What a client is sent when an answer consists of these events.
    static func tell(_ events: [AnswerEvent], isStream: Bool, call: Call? = nil) -> [UInt8] {
        var writer = client.makeWriter(
            for: AnswerRequest(
                request: RequestID(high: 1, low: 2),
                model: "m",
                isStream: isStream,
                asksForUsage: true,
                createdAt: Timestamp(microseconds: 0),
                call: call
            )
        )
        var output: [UInt8] = []
        for event in events { writer.write(event, into: &output) }
        writer.finish(into: &output)
        return output
    }

    /// The events of an answer.
    static func read(_ body: [UInt8], isStream: Bool, _ indexer: JSONIndexer = JSONIndexer()) throws -> [AnswerEvent] {
        var reader = provider.makeReader(isStream: isStream, quirks: Quirks())
        var events: [AnswerEvent] = []
        try body.withUnsafeBytes { bytes in
            let blocks = isStream ? SSEFramer.events(in: bytes) : [bytes.startIndex..<bytes.endIndex]
            for range in blocks {
                try reader.read(UnsafeRawBufferPointer(rebasing: bytes[range]), indexer: indexer, into: &events)
            }
        }
        reader.finish(into: &events)
        return events
    }

    static func read(_ text: String) throws -> [String] {
        try read(Array(text.utf8), isStream: false).map(\.summary)
    }

    static func read(stream chunks: [String]) throws -> [String] {
        let text = chunks.map { "data: \($0)\r\n\r\n" }.joined()
        return try read(Array(text.utf8), isStream: true).map(\.summary)
    }
}
