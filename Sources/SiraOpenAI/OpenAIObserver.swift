internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Watches chat completions, completions and embeddings pass through.
///
/// Nearly every chunk is told by a few bytes. Read as JSON are only the chunks that bring usage or an error. Keys cannot
/// be mistaken: inside a string their quotes would be escaped.
struct OpenAIObserver: AnswerObserver {
    private(set) var reported: ReportedUsage?
    private(set) var contentEvents = 0
    private(set) var mayEnd = false
    private let operation: Operation
    private let withholdsUsage: Bool
    private let costField: String?

    init(operation: Operation, withholdsUsage: Bool, costField: String?) {
        self.costField = costField
        self.operation = operation
        self.withholdsUsage = withholdsUsage
    }

    mutating func observe(event: UnsafeRawBufferPointer, indexer: JSONIndexer) -> EventRole {
        if let data = SSEEvent.singleData(in: event) { return observe(data: data, indexer: indexer) }
        guard let data = SSEEvent(block: event).data else { return .frame }
        return data.withUnsafeBytes { observe(data: $0, indexer: indexer) }
    }

    private mutating func observe(data: UnsafeRawBufferPointer, indexer: JSONIndexer) -> EventRole {
        if data.equals("[DONE]") { return .last }
        let carriesContent = Self.carriesContent(data)
        if carriesContent { contentEvents += 1 }
        if !mayEnd { mayEnd = Self.saysWhyItEnds(data) }
        let hasUsage = data.anyValue(of: "\"usage\"") { first, _ in first == UInt8(ascii: "{") }
        let hasError = data.anyValue(of: "\"error\"") { first, _ in first != UInt8(ascii: "n") }
        guard hasUsage || hasError else { return carriesContent ? .content : .frame }
        let role = try? indexer.read(data, limits: .answer) { root in
            read(root, carriesContent: carriesContent)
        }
        return role ?? (carriesContent ? .content : .frame)
    }

    private mutating func read(_ root: JSONValue, carriesContent: Bool) -> EventRole {
        let found = readUsage(root)
        if let error = OpenAIError(event: root) { return .failure(error.inStream) }
        if carriesContent { return .content }
        let hasChoice = root["choices"].map { $0.elements.contains { _ in true } } ?? false
        return found && !hasChoice && withholdsUsage ? .withheld : .frame
    }

    mutating func observe(whole body: UnsafeRawBufferPointer, indexer: JSONIndexer) -> GatewayError? {
        let error = try? indexer.read(body, limits: .answer) { root in
            _ = readUsage(root)
            return OpenAIError(whole: root)
        }
        return error?.inStream
    }

    /// Takes the figures from where a provider puts them: OpenAI at the top, Moonshot in the first choice, Groq in an
    /// object of its own.
    ///
    /// True when there were some.
    private mutating func readUsage(_ root: JSONValue) -> Bool {
        let figures =
            root.present("usage") ?? root["choices"]?.elements.lazy.compactMap { $0.present("usage") }.first
            ?? root["x_groq"]?.present("usage")
        guard let figures, var read = ReportedUsage(openAI: figures, of: operation, costField: costField) else {
            return false
        }
        read.serviceTier = root["service_tier"]?.string
        reported = read
        return true
    }

    /// Whether a chunk has a reason to finish; some servers write an empty one into every chunk.
    private static func saysWhyItEnds(_ data: UnsafeRawBufferPointer) -> Bool {
        data.anyValue(of: "\"finish_reason\"") { first, second in
            first == UInt8(ascii: "\"") && second != UInt8(ascii: "\"")
        }
    }

    /// Whether a chunk carries a part of the answer: text, reasoning, a refusal, audio or a tool call that is
    /// neither null nor empty.
    private static func carriesContent(_ data: UnsafeRawBufferPointer) -> Bool {
        for key in contentKeys {
            let isFilled = data.anyValue(of: key) { first, second in
                switch first {
                case UInt8(ascii: "n"): false
                case UInt8(ascii: "\""): second != UInt8(ascii: "\"")
                case UInt8(ascii: "["): second != UInt8(ascii: "]")
                case UInt8(ascii: "{"): second != UInt8(ascii: "}")
                default: true
                }
            }
            if isFilled { return true }
        }
        return false
    }

    private static let contentKeys: [StaticString] = [
        "\"content\"", "\"tool_calls\"", "\"reasoning_content\"", "\"reasoning\"", "\"text\"", "\"refusal\"",
        "\"function_call\"", "\"audio\"", "\"reasoning_details\"",
    ]
}
