internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Watches answers of Ollama's chat pass through.
struct OllamaObserver: AnswerObserver {
    private(set) var reported: ReportedUsage?
    private(set) var contentEvents = 0
    /// Every stream ends with an object that says so.
    let mayEnd = false

    mutating func observe(event: UnsafeRawBufferPointer, indexer: JSONIndexer) -> EventRole {
        let isTrue: (UInt8, UInt8) -> Bool = { first, _ in first == UInt8(ascii: "t") }
        if event.anyValue(of: "\"done\"", where: isTrue) {
            _ = try? indexer.read(event, limits: .answer) { reported = ReportedUsage(ollama: $0) }
            return .last
        }
        let holdsText: (UInt8, UInt8) -> Bool = { $0 == UInt8(ascii: "\"") && $1 != UInt8(ascii: "\"") }
        let isContent =
            event.anyValue(of: "\"content\"", where: holdsText) || event.anyValue(of: "\"thinking\"", where: holdsText)
            || event.contains("\"tool_calls\"")
        guard !isContent else {
            contentEvents += 1
            return .content
        }
        let error = try? indexer.read(event, limits: .answer) { $0["error"]?.string }
        return error.flatMap(\.self).map { .failure(.refusal(status: 500, saying: $0)) } ?? .frame
    }

    mutating func observe(whole body: UnsafeRawBufferPointer, indexer: JSONIndexer) -> GatewayError? {
        let error = try? indexer.read(body, limits: .answer) { root -> String? in
            reported = ReportedUsage(ollama: root)
            return root["error"]?.string
        }
        return error.flatMap(\.self).map { .refusal(status: 500, saying: $0) }
    }
}
