internal import SiraJSON

/// The events of a stream of messages.
enum AnthropicEventName {
    case messageStart, contentBlockStart, contentBlockDelta, contentBlockStop, messageDelta, messageStop, ping, error

    /// Reads the name from the `event` line; where a server leaves that out, from `type` at the start of the data.
    ///
    /// Nil for events that the protocol may grow and for comments.
    init?(block: UnsafeRawBufferPointer) {
        let name: UnsafeRawBufferPointer
        if block.starts(with: "event:") {
            let start = block.dropFirst(6).firstIndex { $0 != 0x20 } ?? block.endIndex
            let end = block[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? block.endIndex
            name = UnsafeRawBufferPointer(rebasing: block[start..<end])
        } else {
            guard let key = block.firstOffset(of: "\"type\""),
                let colon = block[(key + 6)...].firstIndex(of: UInt8(ascii: ":")),
                let open = block[colon...].firstIndex(of: UInt8(ascii: "\"")),
                let close = block[(open + 1)...].firstIndex(of: UInt8(ascii: "\""))
            else { return nil }
            name = UnsafeRawBufferPointer(rebasing: block[(open + 1)..<close])
        }
        guard let known = Self.names.first(where: { name.equals($0.text) }) else { return nil }
        self = known.name
    }

    // The most frequent first.
    private static let names: [(text: StaticString, name: AnthropicEventName)] = [
        ("content_block_delta", .contentBlockDelta), ("content_block_start", .contentBlockStart),
        ("content_block_stop", .contentBlockStop), ("ping", .ping), ("message_start", .messageStart),
        ("message_delta", .messageDelta), ("message_stop", .messageStop), ("error", .error),
    ]
}

extension SSEEvent {
    /// Reads the data of a block as JSON, without copying it where it is one line; nil when it has none, or OpenAI's
    /// `[DONE]`, which some servers add.
    static func readData<Result>(
        of block: UnsafeRawBufferPointer,
        _ indexer: JSONIndexer,
        _ body: (JSONValue) throws -> Result
    ) throws -> Result? {
        if let data = SSEEvent.singleData(in: block) {
            return data.equals("[DONE]") ? nil : try indexer.read(data, limits: .answer, body)
        }
        return try SSEEvent(block: block).data.map { try indexer.read($0, limits: .answer, body) }
    }
}
