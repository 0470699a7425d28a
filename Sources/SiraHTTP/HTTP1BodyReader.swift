package import NIOCore

/// Reads the body of one message out of a connection's bytes, without copying.
package struct HTTP1BodyReader {
    package enum Part {
        case data(ByteBuffer)
        case end
        /// More bytes are needed.
        case incomplete
    }

    private enum State {
        case counted(Int)
        case chunkSize
        case chunkData(Int)
        case chunkEnd
        case trailers(Int)
        case untilClose
        case done
    }

    private var state: State
    /// Chunk extensions and trailers carry nothing that Sira uses; they may not be used to feed it without end.
    private static let lineLimit = 4_096
    private static let trailerLimit = 16_384

    package init(_ framing: BodyFraming) {
        switch framing {
        case .none: state = .done
        case .length(let count): state = .counted(count)
        case .chunked: state = .chunkSize
        case .untilClose: state = .untilClose
        }
    }

    /// Takes the next part off the front of `buffer`.
    package mutating func next(in buffer: inout ByteBuffer) throws(HTTP1Error) -> Part {
        while true {
            switch state {
            case .done:
                return .end
            case .counted(let left):
                return takeData(left, from: &buffer) { $0 == 0 ? .done : .counted($0) }
            case .untilClose:
                guard buffer.readableBytes > 0 else { return .incomplete }
                return takeData(buffer.readableBytes, from: &buffer) { _ in .untilClose }
            case .chunkSize:
                guard let line = try takeLine(from: &buffer, limit: Self.lineLimit) else { return .incomplete }
                let size = try chunkSize(line)
                state = size == 0 ? .trailers(0) : .chunkData(size)
            case .chunkData(let left):
                return takeData(left, from: &buffer) { $0 == 0 ? .chunkEnd : .chunkData($0) }
            case .chunkEnd:
                guard buffer.readableBytes >= 2 else { return .incomplete }
                guard buffer.readInteger(as: UInt16.self) == 0x0D0A else { throw .chunk }
                state = .chunkSize
            case .trailers(let seen):
                guard let line = try takeLine(from: &buffer, limit: Self.lineLimit) else { return .incomplete }
                guard seen + line.readableBytes <= Self.trailerLimit else { throw .chunk }
                guard line.readableBytesView.allSatisfy({ isTextByte($0) }) else { throw .chunk }
                state = line.readableBytes == 0 ? .done : .trailers(seen + line.readableBytes)
            }
        }
    }

    /// Whether the connection's end is also the body's proper end.
    package var mayEndNow: Bool {
        switch state {
        case .untilClose, .done: true
        default: false
        }
    }

    private mutating func takeData(_ wanted: Int, from buffer: inout ByteBuffer, then: (Int) -> State) -> Part {
        let count = min(wanted, buffer.readableBytes)
        guard count > 0, let data = buffer.readSlice(length: count) else { return .incomplete }
        state = then(wanted - count)
        return .data(data)
    }

    /// A line without its CR LF.
    private func takeLine(from buffer: inout ByteBuffer, limit: Int) throws(HTTP1Error) -> ByteBuffer? {
        let view = buffer.readableBytesView
        guard let lineFeed = view.prefix(limit).firstIndex(of: 0x0A) else {
            if view.count >= limit { throw .chunk }
            return nil
        }
        let length = lineFeed - view.startIndex
        guard length >= 1, view[lineFeed - 1] == 0x0D else { throw .chunk }
        let line = buffer.readSlice(length: length - 1)
        buffer.moveReaderIndex(forwardBy: 2)
        return line
    }

    /// `chunk-size [ chunk-ext ]` (RFC 9112, section 7.1): spaces may stand behind the size, before a semicolon or the
    /// line's end, and an extension is text.
    private func chunkSize(_ line: ByteBuffer) throws(HTTP1Error) -> Int {
        var size = 0
        var digits = 0
        let bytes = line.readableBytesView
        var at = bytes.startIndex
        reading: while at < bytes.endIndex {
            let byte = bytes[at]
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            case UInt8(ascii: ";"), UInt8(ascii: " "), UInt8(ascii: "\t"): break reading
            default: throw .chunk
            }
            at += 1
            digits += 1
            guard digits <= 15 else { throw .chunk }
            size = size << 4 | Int(digit)
        }
        guard digits > 0 else { throw .chunk }
        let rest = bytes[at...].drop { $0 == 0x20 || $0 == 0x09 }
        guard let first = rest.first else { return size }
        guard first == UInt8(ascii: ";"), rest.allSatisfy({ isTextByte($0) }) else { throw .chunk }
        return size
    }
}
