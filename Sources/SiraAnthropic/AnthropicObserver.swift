internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Watches messages pass through.
///
/// Events are told by their name, and read as JSON only where they bring usage or an error.
struct AnthropicObserver: AnswerObserver {
    private(set) var reported: ReportedUsage?
    private(set) var contentEvents = 0
    /// Every stream of messages ends with its last event.
    let mayEnd = false
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
        case .contentBlockStop, .ping:
            return .frame
        case nil:
            // Whoever leaves out the type may do so to say that something has failed.
            guard event.contains("\"error\"") else { return .frame }
            let error = try? SSEEvent.readData(of: event, indexer) { AnthropicError(insteadOfAnswer: $0) }
            return error.flatMap(\.self).map { .failure($0.inStream) } ?? .frame
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

    mutating func observe(whole body: UnsafeRawBufferPointer, indexer: JSONIndexer) -> GatewayError? {
        let error = try? indexer.read(body, limits: .answer) { root -> AnthropicError? in
            if operation != .countTokens { take(root) }
            if let error = AnthropicError(insteadOfAnswer: root) { return error }
            // Counting is free: the answer's figure is the answer, not something consumed.
            if operation == .countTokens { reported = ReportedUsage(Usage()) }
            return nil
        }
        return error?.inStream
    }

    private mutating func take(_ message: JSONValue) {
        guard let json = message.present("usage"), json.kind == .object else { return }
        figures.take(json)
        reported = figures.reported
    }
}
