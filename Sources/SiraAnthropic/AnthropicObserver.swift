internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Watches messages pass through.
///
/// Events are told by their name, and read as JSON only where they bring usage or an error.
struct AnthropicObserver: AnswerObserver {
    private(set) var usage: Usage?
    private(set) var contentEvents = 0
    private let operation: Operation
    private var figures = AnthropicUsage()

    init(operation: Operation) {
        self.operation = operation
    }

    mutating func observe(event: UnsafeRawBufferPointer, indexer: JSONIndexer) -> EventRole {
        switch AnthropicEventName(block: event) {
        case .contentBlockDelta:
            contentEvents += 1
            return .content
        case .contentBlockStart:
            // A block of text or thinking opens empty; any other kind says something by opening.
            let isEmpty =
                event.anyValue(of: "\"text\"", where: Self.isEmptyString)
                || event.anyValue(of: "\"thinking\"", where: Self.isEmptyString)
            if !isEmpty { contentEvents += 1 }
            return isEmpty ? .frame : .content
        case .contentBlockStop, .ping, nil:
            return .frame
        case .messageStart, .messageDelta:
            readFigures(event, indexer)
            return .frame
        case .messageStop:
            return .last
        case .error:
            return .failure(readFailure(event, indexer))
        }
    }

    private static func isEmptyString(_ first: UInt8, _ second: UInt8) -> Bool {
        first == UInt8(ascii: "\"") && second == UInt8(ascii: "\"")
    }

    private mutating func readFigures(_ event: UnsafeRawBufferPointer, _ indexer: JSONIndexer) {
        _ = try? SSEEvent.readData(of: event, indexer) { root in
            if let message = root.present("message") { take(message) } else { take(root) }
        }
    }

    private func readFailure(_ event: UnsafeRawBufferPointer, _ indexer: JSONIndexer) -> GatewayError {
        let error = try? SSEEvent.readData(of: event, indexer) { AnthropicError(body: $0) }
        return (error ?? AnthropicError()).inStream
    }

    mutating func observe(whole body: UnsafeRawBufferPointer, indexer: JSONIndexer) {
        try? indexer.read(body, limits: .answer) { root in
            if operation == .countTokens {
                // Counting is free: the answer's figure is the answer, not something consumed.
                usage = Usage()
            } else {
                take(root)
            }
        }
    }

    private mutating func take(_ message: JSONValue) {
        guard let json = message.present("usage"), json.kind == .object else { return }
        figures.take(json)
        usage = figures.inclusive
    }
}
