package import SiraCore

/// Finds the parts of a form as it streams by (RFC 7578, over RFC 2046, section 5.1).
///
/// It only looks, in one pass, and keeps no more than the header of the part that it is at. Offsets count from the
/// form's first byte.
///
/// Who reads the form after it may be another program, and must not find other parts in it: what readers of forms
/// understand in different ways is refused, even where the standard says what it means.
package struct MultipartScanner: Sendable {
    /// What it comes to.
    package enum Event: Hashable, Sendable {
        /// A part's content begins behind its header.
        case part(name: String, isFile: Bool, at: Int)
        /// The content of the part ends before this place.
        case partEnd(at: Int)
        /// The form is over.
        case end
    }

    private enum State {
        /// Before the first boundary, where nothing but line breaks may stand.
        case opening
        /// In the content of a part.
        case content
        /// Behind a boundary, in front of the line's end or of the two hyphens that end the form.
        case delimited(hyphens: Int, sawReturn: Bool)
        case header
        case over
    }

    /// What stands before the next byte.
    private enum Place {
        case inLine
        /// Behind a line break that a delimiter begins with.
        case behindBreak
        /// Behind a CR, which may be half of one.
        case behindReturn
        /// Where some readers would find a delimiter, and others not: behind LF alone, or where the content begins.
        case behindOther
    }

    /// Two hyphens and the boundary.
    private let line: [UInt8]
    private var state = State.opening
    private var place = Place.behindBreak
    /// Bytes of ``line`` that the last bytes agree with; ``place`` is where they began.
    ///
    /// A boundary holds no line break, so that it can only begin anew at the byte that breaks it.
    private var matched = 0
    private var header: [UInt8] = []
    private var offset = 0

    /// The most bytes of the header of a part.
    private static let headerLimit = 8_192
    /// The longest boundary (RFC 2046, section 5.1.1).
    private static let boundaryLimit = 70

    /// - Parameter contentType: the request's, such as `multipart/form-data; boundary=x`.
    /// - Throws: `unsupportedMediaType` when it names no boundary that can be one.
    package init(contentType: String) throws(GatewayError) {
        let parameters = HeaderParameters(contentType)
        let boundary = parameters.only("boundary") ?? ""
        let isBoundary =
            boundary.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && !boundary.hasSuffix(" ")
            && !parameters.names.contains { $0.hasPrefix("boundary*") } && !parameters.isUnclear("boundary")
        guard isBoundary, (1...Self.boundaryLimit).contains(boundary.utf8.count) else {
            throw GatewayError(
                .unsupportedMediaType,
                "The content-type of a form must name its boundary, of 1 to \(Self.boundaryLimit) characters: "
                    + "multipart/form-data; boundary=…"
            )
        }
        line = Array("--\(boundary)".utf8)
    }

    /// Whether the form's end has been seen.
    package var isOver: Bool {
        if case .over = state { return true }
        return false
    }

    /// What has to stand at the form's beginning for a field more.
    package func field(_ name: String, _ value: String) -> [UInt8] {
        line + Array("\r\ncontent-disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
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
            case .opening:
                try step(inOpening: bytes[at])
                at += 1
            case .content:
                at = try findDelimiter(in: bytes, from: at, found)
            case .delimited(let hyphens, let sawReturn):
                try step(behindDelimiter: bytes[at], hyphens, sawReturn, found)
                at += 1
            case .header:
                try step(inHeader: bytes[at], at: offset + at + 1, found)
                at += 1
            case .over:
                // Some readers would go on with parts that stand there.
                guard bytes[at] == 0x0D || bytes[at] == 0x0A else { throw Self.malformed("it goes on behind its end") }
                at += 1
            }
        }
        offset += bytes.count
    }

    private mutating func step(inOpening byte: UInt8) throws(GatewayError) {
        if byte == line[matched] {
            matched += 1
            if matched == line.count { state = .delimited(hyphens: 0, sawReturn: false) }
        } else {
            guard matched == 0, byte == 0x0D || byte == 0x0A else {
                throw Self.malformed("it does not begin with its boundary")
            }
        }
    }

    /// - Returns: where to go on.
    private mutating func findDelimiter(
        in bytes: UnsafeRawBufferPointer,
        from start: Int,
        _ found: (Event) throws(GatewayError) -> Void
    ) throws(GatewayError) -> Int {
        var at = start
        while at < bytes.count {
            if case .inLine = place {
                guard let next = bytes[at...].firstIndex(where: { $0 == 0x0D || $0 == 0x0A }) else {
                    return bytes.count
                }
                at = next
            }
            let byte = bytes[at]
            at += 1
            if case .inLine = place {
            } else if byte == line[matched] {
                matched += 1
                guard matched == line.count else { continue }
                guard case .behindBreak = place else {
                    throw Self.malformed("a boundary stands where no line begins")
                }
                state = .delimited(hyphens: 0, sawReturn: false)
                try found(.partEnd(at: offset + at - line.count - 2))
                return at
            }
            place = placeBehind(byte)
            matched = 0
        }
        return at
    }

    private func placeBehind(_ byte: UInt8) -> Place {
        switch byte {
        case 0x0D: return .behindReturn
        case 0x0A:
            if case .behindReturn = place, matched == 0 { return .behindBreak }
            return .behindOther
        default: return .inLine
        }
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
        guard let part = PartHeader(header) else {
            throw Self.malformed(
                "the header of a part does not give it one name, in plain letters, in one content-disposition"
            )
        }
        state = .content
        self.place = .behindOther
        matched = 0
        try found(.part(name: part.name, isFile: part.isFile, at: place))
    }

    private static func malformed(_ what: String) -> GatewayError {
        GatewayError(.malformedRequest, "The form cannot be read: \(what). Send multipart/form-data (RFC 7578).")
    }
}
