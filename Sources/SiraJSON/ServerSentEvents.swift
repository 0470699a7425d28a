#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Finds where events end in a stream of server-sent events, whatever pieces it arrives in.
///
/// An event ends with a blank line; lines end with LF, CR LF or CR (WHATWG HTML, section 9.2.6). The framer only
/// looks: the bytes stay with the caller, who can pass whole events on untouched.
package struct SSEFramer: Sendable {
    /// `afterCR` and `blankAfterCR` wait for the LF that may belong to the CR.
    private enum State { case lineStart, inLine, afterCR, blankAfterCR }
    private var state = State.lineStart

    package init() {}

    /// Looks at the next bytes of the stream.
    ///
    /// - Returns: how many of them belong to events that are complete, counted from the start of `bytes`. An event
    ///   closed by CR is complete there; an LF that follows in a later piece is counted to the next event, where a
    ///   leading blank line means nothing.
    package mutating func completeLength(of bytes: UnsafeRawBufferPointer) -> Int {
        var complete = 0
        var at = 0
        while let next = skipText(in: bytes, from: at) {
            at = next + 1
            if advance(bytes[next]) { complete = at }
        }
        return complete
    }

    /// Splits bytes that hold whole events into the ranges of the single events.
    package static func events(in bytes: UnsafeRawBufferPointer) -> [Range<Int>] {
        var framer = SSEFramer()
        var ranges: [Range<Int>] = []
        var start = 0
        var at = 0
        while let next = framer.skipText(in: bytes, from: at) {
            at = next + 1
            guard framer.advance(bytes[next]) else { continue }
            if framer.state == .blankAfterCR, at < bytes.count, bytes[at] == 0x0A { continue }
            ranges.append(start..<at)
            start = at
        }
        return ranges
    }

    /// Passes over the text of a line.
    ///
    /// - Returns: where the next line terminator is; nil when there is none.
    private mutating func skipText(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress else { return nil }
        let rest = bytes.count - start
        // Vector instructions look for LF, then for a CR before it, faster than a loop over the bytes does.
        let lineFeed = memchr(base + start, 0x0A, rest).map { base.distance(to: UnsafeRawPointer($0)) }
        let length = (lineFeed ?? bytes.count) - start
        let carriageReturn = memchr(base + start, 0x0D, length).map { base.distance(to: UnsafeRawPointer($0)) }
        let end = carriageReturn ?? lineFeed
        if (end ?? bytes.count) > start { state = .inLine }
        return end
    }

    /// Takes one byte; true when it closes an event.
    private mutating func advance(_ byte: UInt8) -> Bool {
        switch (state, byte) {
        case (.inLine, 0x0A), (.afterCR, 0x0A):
            state = .lineStart
            return false
        case (.lineStart, 0x0A), (.blankAfterCR, 0x0A):
            state = .lineStart
            return true
        case (.inLine, 0x0D):
            state = .afterCR
            return false
        case (_, 0x0D):
            state = .blankAfterCR
            return true
        default:
            state = .inLine
            return false
        }
    }
}

/// The fields of one event.
package struct SSEEvent: Hashable, Sendable {
    /// The `event` field; empty when there is none.
    package var name: String
    /// The `data` lines, joined by LF; nil when the block has none, as with comments that keep a stream alive.
    package var data: [UInt8]?

    /// Reads one event out of the block of lines that makes it up.
    package init(block: UnsafeRawBufferPointer) {
        name = ""
        SSEEvent.forEachField(in: block) { field, value in
            if field.elementsEqual("data".utf8) {
                if data == nil {
                    data = Array(value)
                } else {
                    data?.append(0x0A)
                    data?.append(contentsOf: value)
                }
            } else if field.elementsEqual("event".utf8) {
                name = String(decoding: value, as: UTF8.self)
            }
        }
    }

    /// The single `data` line of a block, without copying; nil when there is none or more than one.
    package static func singleData(in block: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        if let data = onlyLine(of: block) { return data }
        var data: UnsafeRawBufferPointer?
        var lines = 0
        forEachField(in: block) { field, value in
            guard field.elementsEqual("data".utf8) else { return }
            lines += 1
            data = UnsafeRawBufferPointer(rebasing: value)
        }
        return lines == 1 ? data : nil
    }

    /// The data of a block that is one `data: ` line, perhaps after one that names the event, as nearly all are.
    private static func onlyLine(of block: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        var start = 0
        if block.starts(with: "event: "), let lineEnd = block.firstIndex(of: 0x0A) { start = lineEnd + 1 }
        let rest = UnsafeRawBufferPointer(rebasing: block[start...])
        var end = rest.count
        while end > 0, rest[end - 1] == 0x0A || rest[end - 1] == 0x0D { end -= 1 }
        guard rest.starts(with: "data: "), end >= 6 else { return nil }
        let data = UnsafeRawBufferPointer(rebasing: rest[6..<end])
        return data.firstOffset(of: "\n") == nil && data.firstOffset(of: "\r") == nil ? data : nil
    }

    /// Calls `body` with each field's name and value, comments left out (WHATWG HTML, section 9.2.6).
    private static func forEachField(
        in block: UnsafeRawBufferPointer,
        _ body: (Slice<UnsafeRawBufferPointer>, Slice<UnsafeRawBufferPointer>) -> Void
    ) {
        var lineStart = 0
        while lineStart < block.count {
            var lineEnd = lineStart
            while lineEnd < block.count, block[lineEnd] != 0x0A, block[lineEnd] != 0x0D { lineEnd += 1 }
            let line = block[lineStart..<lineEnd]
            lineStart = lineEnd + 1
            guard let first = line.first, first != UInt8(ascii: ":") else { continue }
            let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
            var value = colon < line.endIndex ? line[(colon + 1)...] : line[line.endIndex...]
            if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
            body(line[..<colon], value)
        }
    }
}
