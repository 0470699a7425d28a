package import NIOCore
package import SiraWire

/// How the end of a message's body is found (RFC 9112, section 6.3).
package enum BodyFraming: Hashable, Sendable {
    case none
    case length(Int)
    case chunked
    case untilClose

    /// How many bytes, where the head says so.
    package var length: Int? {
        if case .length(let length) = self { length } else { nil }
    }
}

/// The head of a request.
package struct HTTP1RequestHead: Sendable {
    package var method: String
    /// The request target as sent: path and query, for every request that Sira answers.
    package var target: String
    package var headers: HeaderFields
    package var framing: BodyFraming
    /// Whether the connection may carry another request after this one.
    package var keepsAlive: Bool
    /// Whether the client waits for `100 Continue` before it sends the body.
    package var expectsContinue: Bool
    /// Whether the client speaks HTTP/1.0, which knows no chunks.
    package var isHTTP10: Bool
}

/// The head of an answer.
package struct HTTP1ResponseHead: Sendable {
    package var status: Int
    package var headers: HeaderFields
    package var framing: BodyFraming
    package var keepsAlive: Bool
}

/// Finds and reads the heads of HTTP/1.1 messages (RFC 9112).
///
/// Strict on purpose: lines end with CR LF, names are tokens right before their colon, lines are not folded, and a
/// message has one length. What two servers could read differently is refused, not guessed.
package struct HTTP1HeadReader {
    private let limit: Int
    private var scanned = 0

    /// - Parameter limit: the most bytes a head may have.
    package init(limit: Int) {
        self.limit = limit
    }

    /// Takes a complete head off the front of `buffer`.
    ///
    /// - Returns: nil while it has not arrived whole.
    package mutating func next(in buffer: inout ByteBuffer) throws(HTTP1Error) -> HTTP1HeadLines? {
        let start = max(0, scanned - 3)
        let end = buffer.withUnsafeReadableBytes { findHeadEnd($0, from: start) }
        guard let end else {
            scanned = buffer.readableBytes
            if scanned > limit { throw .headTooLarge }
            return nil
        }
        guard end <= limit else { throw .headTooLarge }
        scanned = 0
        guard let head = buffer.readSlice(length: end) else { return nil }
        return HTTP1HeadLines(head)
    }
}

/// The bytes of one head, up to and with its blank line.
package struct HTTP1HeadLines {
    private let bytes: ByteBuffer

    init(_ bytes: ByteBuffer) {
        self.bytes = bytes
    }

    /// Reads it as a request's head.
    package func request() throws(HTTP1Error) -> HTTP1RequestHead {
        try parse { line, fields, semantics throws(HTTP1Error) in
            let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
            guard parts.count == 3, !parts[0].isEmpty, !parts[1].isEmpty else { throw .startLine }
            guard parts[0].allSatisfy({ isTokenByte[Int($0)] }), parts[1].allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw .startLine
            }
            let minor = try minorVersion(parts[2])
            if minor == 1, !semantics.hasHost { throw .field }  // RFC 9112, section 3.2
            if semantics.isChunked, minor == 0 { throw .framing }
            return HTTP1RequestHead(
                method: String(decoding: parts[0], as: UTF8.self),
                target: String(decoding: parts[1], as: UTF8.self),
                headers: fields,
                framing: semantics.isChunked
                    ? .chunked : semantics.length.map { $0 == 0 ? .none : .length($0) } ?? .none,
                keepsAlive: minor == 1 ? !semantics.closes : semantics.keepsAlive && !semantics.closes,
                expectsContinue: minor == 1 && semantics.expectsContinue,
                isHTTP10: minor == 0
            )
        }
    }

    /// Reads it as an answer's head.
    ///
    /// - Parameter isForHEAD: whether the request was a `HEAD`, whose answer has no body.
    package func response(isForHEAD: Bool = false) throws(HTTP1Error) -> HTTP1ResponseHead {
        try parse { line, fields, semantics throws(HTTP1Error) in
            guard line.count >= 12, line[line.startIndex + 8] == 0x20 else { throw .startLine }
            let minor = try minorVersion(line[..<(line.startIndex + 8)])
            let digits = line[(line.startIndex + 9)..<(line.startIndex + 12)]
            guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { throw .startLine }
            guard line.count == 12 || line[line.startIndex + 12] == 0x20 else { throw .startLine }
            guard line.dropFirst(12).allSatisfy({ isTextByte($0) }) else { throw .startLine }
            let status = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
            guard status >= 100 else { throw .startLine }
            let framing: BodyFraming
            if isForHEAD || status < 200 || status == 204 || status == 304 {
                framing = .none
            } else if semantics.isChunked {
                framing = .chunked
            } else if let length = semantics.length {
                framing = length == 0 ? .none : .length(length)
            } else {
                framing = .untilClose
            }
            let keepsAlive = minor == 1 ? !semantics.closes : semantics.keepsAlive && !semantics.closes
            return HTTP1ResponseHead(
                status: status,
                headers: fields,
                framing: framing,
                keepsAlive: keepsAlive && framing != .untilClose
            )
        }
    }

    private func parse<Head>(
        _ build: (Slice<UnsafeRawBufferPointer>, HeaderFields, FieldSemantics) throws(HTTP1Error) -> Head
    ) throws(HTTP1Error) -> Head {
        let result: Result<Head, HTTP1Error> = bytes.withUnsafeReadableBytes { bytes in
            do throws(HTTP1Error) {
                guard let lineEnd = bytes.firstIndex(of: 0x0D), bytes[lineEnd + 1] == 0x0A else { throw .startLine }
                var semantics = FieldSemantics()
                let fields = try readFields(bytes[(lineEnd + 2)...], &semantics)
                return .success(try build(bytes[..<lineEnd], fields, semantics))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}

/// What the fields that steer the connection say.
private struct FieldSemantics {
    var length: Int?
    var isChunked = false
    var closes = false
    var keepsAlive = false
    var expectsContinue = false
    var hasHost = false

    mutating func note(_ name: String, _ value: String) throws(HTTP1Error) {
        switch name.utf8.count {
        case 4 where name.matches(lowercased: "host"):
            guard !hasHost else { throw .field }
            hasHost = true
        case 6 where name.matches(lowercased: "expect"):
            expectsContinue = value.matches(lowercased: "100-continue")
        case 10 where name.matches(lowercased: "connection"):
            for option in value.split(separator: ",") {
                let option = option.trimmingSpaces
                if option.matches(lowercased: "close") { closes = true }
                if option.matches(lowercased: "keep-alive") { keepsAlive = true }
            }
        case 14 where name.matches(lowercased: "content-length"):
            guard length == nil, !isChunked, !value.isEmpty, value.utf8.count <= 18 else { throw .framing }
            guard value.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int(value) else { throw .framing }
            length = count
        case 17 where name.matches(lowercased: "transfer-encoding"):
            guard value.matches(lowercased: "chunked") else { throw .transferCoding }
            guard !isChunked, length == nil else { throw .framing }
            isChunked = true
        default:
            break
        }
    }
}

/// Reads field lines up to the blank line (RFC 9112, section 5).
private func readFields(
    _ lines: Slice<UnsafeRawBufferPointer>,
    _ semantics: inout FieldSemantics
) throws(HTTP1Error) -> HeaderFields {
    var fields = HeaderFields()
    var at = lines.startIndex
    while lines[at] != 0x0D {
        guard let colon = lines[at...].firstIndex(of: 0x3A), colon > at else { throw .field }
        guard lines[at..<colon].allSatisfy({ isTokenByte[Int($0)] }) else { throw .field }
        guard let end = lines[colon...].firstIndex(of: 0x0D), lines[end + 1] == 0x0A else { throw .field }
        var value = lines[(colon + 1)..<end]
        while let first = value.first, first == 0x20 || first == 0x09 { value = value.dropFirst() }
        while let last = value.last, last == 0x20 || last == 0x09 { value = value.dropLast() }
        guard value.allSatisfy({ isTextByte($0) }) else { throw .field }
        let name = String(decoding: lines[at..<colon], as: UTF8.self)
        let text = String(decoding: value, as: UTF8.self)
        try semantics.note(name, text)
        fields.append(name, text)
        at = end + 2
    }
    // A CR at the beginning of another line is no blank line: what comes behind it would be read as nothing here and
    // as fields elsewhere.
    guard at == lines.endIndex - 2 else { throw .field }
    return fields
}

/// The offset after the first blank line at or behind `start`.
private func findHeadEnd(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    var at = start
    while at + 4 <= bytes.count {
        guard let lineFeed = bytes[(at + 3)...].firstIndex(of: 0x0A) else { return nil }
        if bytes[lineFeed - 1] == 0x0D, bytes[lineFeed - 2] == 0x0A, bytes[lineFeed - 3] == 0x0D { return lineFeed + 1 }
        at = lineFeed - 2
    }
    return nil
}

/// The x of `HTTP/1.x`.
private func minorVersion(_ text: Slice<UnsafeRawBufferPointer>) throws(HTTP1Error) -> Int {
    if text.elementsEqual("HTTP/1.1".utf8) { return 1 }
    if text.elementsEqual("HTTP/1.0".utf8) { return 0 }
    throw text.starts(with: "HTTP/".utf8) ? .version : .startLine
}

/// Whether the byte may stand in a field's value, a reason phrase or a chunk's extension (RFC 9110, section 5.5).
func isTextByte(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != 0x7F || byte == 0x09
}

/// The characters of a token (RFC 9110, section 5.6.2).
private let isTokenByte: [Bool] = (0..<256).map { byte in
    switch UInt8(byte) {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    default: "!#$%&'*+-.^_`|~".utf8.contains(UInt8(byte))
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        var text = self
        while text.first == " " || text.first == "\t" { text = text.dropFirst() }
        while text.last == " " || text.last == "\t" { text = text.dropLast() }
        return String(text)
    }
}
