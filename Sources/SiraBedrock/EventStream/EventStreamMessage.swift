/// A message of Amazon's binary event streams: headers, a payload, and checksums around them.
///
/// Prelude (whole length and length of the headers, 32 bits each, the highest byte first), the prelude's checksum,
/// headers, payload, and the checksum of all before it
/// (https://docs.aws.amazon.com/transcribe/latest/dg/event-stream.html).
package struct EventStreamMessage: Hashable, Sendable {
    package var headers: [EventStreamHeader]
    package var payload: [UInt8]

    package init(headers: [EventStreamHeader], payload: [UInt8]) {
        self.headers = headers
        self.payload = payload
    }

    /// Bytes before the headers, and behind the payload.
    private static let preludeLength = 12
    private static let trailerLength = 4

    /// Reads one message, which must be all of `bytes`.
    ///
    /// - Throws: ``EventStreamError`` when lengths or checksums do not fit, or a header is none.
    package init(_ bytes: UnsafeRawBufferPointer) throws(EventStreamError) {
        guard bytes.count >= Self.preludeLength + Self.trailerLength else { throw .truncated }
        let length = Int(bytes.number(at: 0, bytes: 4))
        let headerLength = Int(bytes.number(at: 4, bytes: 4))
        guard length == bytes.count else { throw .wrongLength }
        guard headerLength <= length - Self.preludeLength - Self.trailerLength else { throw .wrongLength }
        guard UInt32(bytes.number(at: 8, bytes: 4)) == CRC32.checksum(of: bytes.part(0..<8)) else {
            throw .wrongPreludeChecksum
        }
        let end = length - Self.trailerLength
        guard UInt32(bytes.number(at: end, bytes: 4)) == CRC32.checksum(of: bytes.part(0..<end)) else {
            throw .wrongChecksum
        }
        let headerEnd = Self.preludeLength + headerLength
        headers = []
        var at = Self.preludeLength
        while at < headerEnd { headers.append(try EventStreamHeader(bytes.part(0..<headerEnd), at: &at)) }
        payload = Array(bytes[headerEnd..<end])
    }

    /// The message as it is sent.
    ///
    /// - Precondition: names and values of headers are as short as their lengths can say.
    package var bytes: [UInt8] {
        var head: [UInt8] = []
        for header in headers { header.append(to: &head) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.preludeLength + head.count + payload.count + Self.trailerLength)
        bytes.append(number: Self.preludeLength + head.count + payload.count + Self.trailerLength, bytes: 4)
        bytes.append(number: head.count, bytes: 4)
        bytes.append(number: CRC32.checksum(of: bytes), bytes: 4)
        bytes += head
        bytes += payload
        bytes.append(number: CRC32.checksum(of: bytes), bytes: 4)
        return bytes
    }

    /// The text of the header of this name; nil when there is none, or it holds no text.
    package subscript(name: String) -> String? {
        for header in headers where header.name == name {
            if case .string(let text) = header.value { return text }
        }
        return nil
    }
}

/// Why bytes are no message of an event stream.
package enum EventStreamError: String, Error, Sendable, CustomStringConvertible {
    case truncated = "a message is cut off"
    case wrongLength = "a message's length is not what it says"
    case wrongPreludeChecksum = "the checksum of a message's prelude is wrong"
    case wrongChecksum = "a message's checksum is wrong"
    case malformedHeader = "a message's header cannot be read"

    package var description: String { rawValue }
}

extension UnsafeRawBufferPointer {
    /// The bytes of `range` by themselves.
    func part(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self[range]) }

    /// A number of at most eight bytes, the highest first; they must be there.
    func number(at start: Int, bytes count: Int) -> UInt64 {
        self[start..<start + count].reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension [UInt8] {
    /// Appends the lowest `count` bytes of a number, the highest of them first.
    mutating func append(number: some BinaryInteger, bytes count: Int) {
        for index in stride(from: count - 1, through: 0, by: -1) {
            append(UInt8(truncatingIfNeeded: number >> (8 * index)))
        }
    }
}
