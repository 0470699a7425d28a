package import SiraCore

/// Finds the parts of a form as it streams by (RFC 7578, over RFC 2046, section 5.1).
///
/// It only looks, in one pass, and keeps no more than the header of the part that it is at. Offsets count from the
/// form's first byte.
package struct MultipartScanner: Sendable {
    /// What it comes to.
    package enum Event: Hashable, Sendable {
        /// A part's content begins behind its header.
        case part(name: String, isFile: Bool, at: Int)
        /// The content of the part ends before this place.
        case partEnd(at: Int)
        /// The form is over; what may follow means nothing.
        case end
    }

    private enum State {
        /// Before the first delimiter: what stands there means nothing.
        case preamble
        /// In the content of a part.
        case content
        /// Behind a delimiter, in front of the line's end or of the two hyphens that end the form.
        case delimited(hyphens: Int, sawReturn: Bool)
        case header
        case over
    }

    /// CR LF, two hyphens and the boundary.
    private let delimiter: [UInt8]
    private var state = State.preamble
    /// Bytes of the delimiter that the last bytes agree with.
    ///
    /// At the beginning the line break before it may be missing. A boundary holds no CR, so that a delimiter can only
    /// begin anew at the byte that breaks it.
    private var matched = 2
    private var header: [UInt8] = []
    private var offset = 0

    /// The most bytes of the header of a part.
    private static let headerLimit = 8_192
    /// The longest boundary (RFC 2046, section 5.1.1).
    private static let boundaryLimit = 70

    /// - Parameter contentType: the request's, such as `multipart/form-data; boundary=x`.
    /// - Throws: `unsupportedMediaType` when it names no boundary that can be one.
    package init(contentType: String) throws(GatewayError) {
        let boundary = HeaderParameters(contentType).only("boundary") ?? ""
        let isBoundary = boundary.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && !boundary.hasSuffix(" ")
        guard isBoundary, (1...Self.boundaryLimit).contains(boundary.utf8.count) else {
            throw GatewayError(
                .unsupportedMediaType,
                "The content-type of a form must name its boundary, of 1 to \(Self.boundaryLimit) characters: "
                    + "multipart/form-data; boundary=…"
            )
        }
        delimiter = Array("\r\n--\(boundary)".utf8)
    }

    /// Whether the form's end has been seen.
    package var isOver: Bool {
        if case .over = state { return true }
        return false
    }

    /// What has to stand at the form's beginning for a field more.
    package func field(_ name: String, _ value: String) -> [UInt8] {
        delimiter.dropFirst(2) + Array("\r\ncontent-disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
    }

    /// Looks at the next bytes.
    ///
    /// - Throws: `malformedRequest` when they cannot be a form, or what `found` throws.
    package mutating func scan(
        _ bytes: UnsafeRawBufferPointer,
        _ found: (Event) throws(GatewayError) -> Void
    ) throws(GatewayError) {
        var at = 0
        while at < bytes.count {
            switch state {
            case .preamble, .content:
                at = try findDelimiter(in: bytes, from: at, found)
            case .delimited(let hyphens, let sawReturn):
                try step(behindDelimiter: bytes[at], hyphens, sawReturn, found)
                at += 1
            case .header:
                try step(inHeader: bytes[at], at: offset + at + 1, found)
                at += 1
            case .over:
                at = bytes.count
            }
        }
        offset += bytes.count
    }

    /// - Returns: where to go on.
    private mutating func findDelimiter(
        in bytes: UnsafeRawBufferPointer,
        from start: Int,
        _ found: (Event) throws(GatewayError) -> Void
    ) throws(GatewayError) -> Int {
        var at = start
        while at < bytes.count {
            if matched == 0 {
                guard let next = bytes[at...].firstIndex(of: 0x0D) else { return bytes.count }
                at = next
            }
            let byte = bytes[at]
            at += 1
            if byte == delimiter[matched] {
                matched += 1
            } else {
                matched = byte == 0x0D ? 1 : 0
            }
            guard matched == delimiter.count else { continue }
            matched = 0
            if case .content = state { try found(.partEnd(at: offset + at - delimiter.count)) }
            state = .delimited(hyphens: 0, sawReturn: false)
            break
        }
        return at
    }

    private mutating func step(
        behindDelimiter byte: UInt8,
        _ hyphens: Int,
        _ sawReturn: Bool,
        _ found: (Event) throws(GatewayError) -> Void
    ) throws(GatewayError) {
        switch byte {
        case UInt8(ascii: "-") where !sawReturn && hyphens == 0:
            state = .delimited(hyphens: 1, sawReturn: false)
        case UInt8(ascii: "-") where hyphens == 1:
            state = .over
            try found(.end)
        // Gateways on the way may have added spaces (RFC 2046, section 5.1.1).
        case 0x20 where !sawReturn && hyphens == 0, 0x09 where !sawReturn && hyphens == 0:
            break
        case 0x0D where !sawReturn && hyphens == 0:
            state = .delimited(hyphens: 0, sawReturn: true)
        case 0x0A where sawReturn:
            state = .header
            header.removeAll(keepingCapacity: true)
        default:
            throw Self.malformed("a line that begins like a boundary goes on with something else")
        }
    }

    private mutating func step(
        inHeader byte: UInt8,
        at place: Int,
        _ found: (Event) throws(GatewayError) -> Void
    ) throws(GatewayError) {
        guard header.count < Self.headerLimit else {
            throw Self.malformed("the header of a part has more than \(Self.headerLimit) bytes")
        }
        header.append(byte)
        // A part without a field has no name either, and then its blank line comes at once.
        let isOver = header.count == 2 ? header == [0x0D, 0x0A] : header.suffix(4) == [0x0D, 0x0A, 0x0D, 0x0A]
        guard isOver else { return }
        let disposition = PartDisposition(header: header)
        guard let name = disposition.name else {
            throw Self.malformed("the header of a part does not give it one name in one content-disposition")
        }
        state = .content
        // Content that is empty is followed by the delimiter's own line break only.
        matched = 0
        try found(.part(name: name, isFile: disposition.isFile, at: place))
    }

    private static func malformed(_ what: String) -> GatewayError {
        GatewayError(.malformedRequest, "The form cannot be read: \(what). Send multipart/form-data (RFC 7578).")
    }
}

/// What the header of a part says of it.
private struct PartDisposition {
    /// Nil where readers could differ over what it is.
    var name: String?
    var isFile = false

    init(header: [UInt8]) {
        let lines = String(decoding: header, as: UTF8.self).split(separator: "\r\n")
        // A line break of another kind, or a line that goes on, means something to some.
        guard
            !lines.contains(where: {
                $0.utf8.contains(0x0A) || $0.utf8.contains(0x0D) || $0.first == " " || $0.first == "\t"
            })
        else { return }
        let dispositions = lines.compactMap { line -> Substring? in
            let parts = line.split(separator: ":", maxSplits: 1)
            return parts.count == 2 && parts[0].lowercased() == "content-disposition" ? parts[1] : nil
        }
        guard dispositions.count == 1, let disposition = dispositions.first else { return }
        let parameters = HeaderParameters(String(disposition))
        guard parameters["name*"] == nil else { return }
        name = parameters.only("name")
        isFile = parameters["filename"] != nil || parameters["filename*"] != nil
    }
}

/// The parameters of a header field's value: `form-data; name="model"` (RFC 9110, section 5.6.6).
package struct HeaderParameters: Sendable {
    private var values: [(name: String, value: String)] = []

    /// Reads what follows the first semicolon; what is no parameter is passed over.
    package init(_ field: String) {
        let bytes = Array(field.utf8)
        guard var at = bytes.firstIndex(of: UInt8(ascii: ";")) else { return }
        while at < bytes.count {
            at += 1
            let nameEnd = bytes[at...].firstIndex { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ";") } ?? bytes.count
            let name = Self.trimmed(bytes[at..<nameEnd]).lowercased()
            at = nameEnd
            guard at < bytes.count, bytes[at] == UInt8(ascii: "=") else { continue }
            at += 1
            while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x09 { at += 1 }
            var value: [UInt8] = []
            if at < bytes.count, bytes[at] == UInt8(ascii: "\"") {
                at += 1
                while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
                    if bytes[at] == UInt8(ascii: "\\"), at + 1 < bytes.count { at += 1 }
                    value.append(bytes[at])
                    at += 1
                }
                values.append((name, String(decoding: value, as: UTF8.self)))
                at = at < bytes.count ? bytes[at...].firstIndex(of: UInt8(ascii: ";")) ?? bytes.count : at
            } else {
                let end = bytes[at...].firstIndex(of: UInt8(ascii: ";")) ?? bytes.count
                values.append((name, Self.trimmed(bytes[at..<end])))
                at = end
            }
        }
    }

    /// The value of the first parameter of this name, which must be in lower case.
    package subscript(name: String) -> String? {
        values.first { $0.name == name }?.value
    }

    /// The same where there is one alone.
    package func only(_ name: String) -> String? {
        let all = values.filter { $0.name == name }
        return all.count == 1 ? all[0].value : nil
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }
        let front = bytes.drop(while: isSpace)
        let back = front.reversed().prefix(while: isSpace).count
        return String(decoding: front.dropLast(back), as: UTF8.self)
    }
}
