package import SiraJSON

/// How a stream's events are told apart.
package enum StreamFraming: Sendable {
    /// Blocks of lines with a blank line behind each (WHATWG HTML, section 9.2).
    case serverSentEvents
    /// A JSON text on each line.
    case lines
    /// Amazon's binary messages, each with its length in front
    /// (https://docs.aws.amazon.com/transcribe/latest/dg/event-stream.html).
    case eventStream

    /// The media type of such a stream.
    package var mediaType: String {
        switch self {
        case .serverSentEvents: "text/event-stream; charset=utf-8"
        case .lines: "application/x-ndjson"
        case .eventStream: "application/vnd.amazon.eventstream"
        }
    }
}

/// Finds where events end in a stream, whatever pieces it arrives in.
///
/// The framer only looks: the bytes stay with the caller.
package enum StreamFramer: Sendable {
    case serverSentEvents(SSEFramer)
    case lines
    case eventStream(EventStreamFramer)

    package init(_ framing: StreamFraming) {
        switch framing {
        case .serverSentEvents: self = .serverSentEvents(SSEFramer())
        case .lines: self = .lines
        case .eventStream: self = .eventStream(EventStreamFramer())
        }
    }

    /// Looks at the next bytes of the stream.
    ///
    /// - Returns: how many of them belong to events that are complete, counted from the start of `bytes`.
    package mutating func completeLength(of bytes: UnsafeRawBufferPointer) -> Int {
        switch self {
        case .serverSentEvents(var framer):
            let length = framer.completeLength(of: bytes)
            self = .serverSentEvents(framer)
            return length
        case .lines:
            return bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        case .eventStream(var framer):
            let length = framer.completeLength(of: bytes)
            self = .eventStream(framer)
            return length
        }
    }

    /// Splits bytes that hold whole events into the ranges of the single events.
    package static func events(in bytes: UnsafeRawBufferPointer, _ framing: StreamFraming) -> [Range<Int>] {
        switch framing {
        case .serverSentEvents:
            return SSEFramer.events(in: bytes)
        case .lines:
            var ranges: [Range<Int>] = []
            var start = 0
            while start < bytes.count {
                let end = bytes[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
                // Blank lines between the texts mean nothing.
                if bytes[start..<end].contains(where: { $0 > 0x20 }) { ranges.append(start..<end) }
                start = end
            }
            return ranges
        case .eventStream:
            return EventStreamFramer.events(in: bytes)
        }
    }
}

/// Finds where Amazon's binary messages end: each begins with its whole length, 32 bits, the highest byte first.
package struct EventStreamFramer: Sendable {
    /// Bytes of the message that have been looked at, and its length once it is known.
    private var seen = 0
    private var length: UInt32 = 0

    package init() {}

    /// The least that a message can be: prelude, its checksum and the message's checksum.
    private static let least = 16

    package mutating func completeLength(of bytes: UnsafeRawBufferPointer) -> Int {
        var complete = 0
        var at = 0
        while at < bytes.count {
            if seen < 4 {
                length = length << 8 | UInt32(bytes[at])
                seen += 1
                at += 1
                continue
            }
            // A length that is none is left to the reader to find wrong: the bytes so far are given out.
            let missing = max(Int(length), Self.least) - seen
            guard bytes.count - at >= missing else {
                seen += bytes.count - at
                break
            }
            at += missing
            complete = at
            seen = 0
            length = 0
        }
        return complete
    }

    static func events(in bytes: UnsafeRawBufferPointer) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        while bytes.count - start >= 4 {
            let length = bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
            let end = min(bytes.count, start + max(length, least))
            ranges.append(start..<end)
            start = end
        }
        return ranges
    }
}
