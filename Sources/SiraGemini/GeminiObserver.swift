internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Watches answers of Gemini pass through.
///
/// Every chunk brings figures, and the last ones count. There is no last event: a stream may end once it has said why.
struct GeminiObserver: AnswerObserver {
    private(set) var reported: ReportedUsage?
    private(set) var contentEvents = 0
    private(set) var mayEnd = false
    private let operation: Operation
    private var searches = 0

    init(operation: Operation) {
        self.operation = operation
    }

    mutating func observe(event: UnsafeRawBufferPointer, indexer: JSONIndexer) -> EventRole {
        if let data = SSEEvent.singleData(in: event) { return observe(data: data, indexer) }
        guard let data = SSEEvent(block: event).data else { return .frame }
        return data.withUnsafeBytes { observe(data: $0, indexer) }
    }

    private mutating func observe(data: UnsafeRawBufferPointer, _ indexer: JSONIndexer) -> EventRole {
        let carriesContent = Self.carriesContent(data)
        if carriesContent { contentEvents += 1 }
        if !mayEnd {
            mayEnd =
                data.anyValue(of: "\"finishReason\"", where: Self.isFilled)
                || data.anyValue(of: "\"blockReason\"", where: Self.isFilled)
        }
        let role: EventRole = carriesContent ? .content : .frame
        let hasFigures = data.contains("\"usageMetadata\"") || data.contains("\"groundingMetadata\"")
        guard hasFigures || data.contains("\"error\"") else { return role }
        let error = try? indexer.read(data, limits: .answer) { root in
            take(root)
            return root["candidates"] == nil ? GeminiError(body: root) : nil
        }
        return error.flatMap(\.self).map { .failure($0.inStream) } ?? role
    }

    mutating func observe(whole body: UnsafeRawBufferPointer, indexer: JSONIndexer) -> GatewayError? {
        let error = try? indexer.read(body, limits: .answer) { root -> GeminiError? in
            // A stream that came as an array is its chunks.
            for chunk in root.listed { take(chunk) }
            // Counting is free: the answer's figure is the answer, not something consumed.
            if operation == .geminiCountTokens, root["totalTokens"] != nil { reported = ReportedUsage(Usage()) }
            return root["candidates"] == nil ? GeminiError(body: root) : nil
        }
        return error.flatMap(\.self)?.inStream
    }

    private mutating func take(_ root: JSONValue) {
        let hasAnswer = operation != .embedContent && operation != .batchEmbedContents
        let model = root["modelVersion"]?.string
        for candidate in root.present("candidates")?.elements ?? root.elements {
            searches = max(searches, ReportedUsage.searches(candidate, modelVersion: model))
        }
        if let metadata = root.present("usageMetadata"),
            let figures = ReportedUsage(gemini: metadata, hasAnswer: hasAnswer)
        {
            reported = figures
        }
        reported?.usage.webSearches = searches
    }

    private static func isFilled(_ first: UInt8, _ second: UInt8) -> Bool {
        switch first {
        case UInt8(ascii: "n"): false
        case UInt8(ascii: "\""): second != UInt8(ascii: "\"")
        case UInt8(ascii: "{"): second != UInt8(ascii: "}")
        default: true
        }
    }

    private static func carriesContent(_ data: UnsafeRawBufferPointer) -> Bool {
        contentKeys.contains { data.anyValue(of: $0, where: isFilled) }
    }

    private static let contentKeys: [StaticString] = [
        "\"text\"", "\"functionCall\"", "\"inlineData\"", "\"fileData\"", "\"executableCode\"",
        "\"codeExecutionResult\"", "\"toolCall\"", "\"toolResponse\"",
    ]
}
