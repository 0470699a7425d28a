package import NIOCore
package import SiraWire

/// Writes HTTP/1.1 messages into buffers (RFC 9112).
extension ByteBuffer {
    /// A request's head, with the framing fields for a body of `bodyLength` bytes, or for one in chunks when that is nil.
    package mutating func writeRequestHead(
        method: String,
        target: String,
        authority: String,
        headers: HeaderFields,
        bodyLength: Int?
    ) {
        writeString(method)
        writeInteger(UInt8(ascii: " "))
        writeString(target)
        writeStaticString(" HTTP/1.1\r\nhost: ")
        writeString(authority)
        writeStaticString("\r\n")
        writeFields(headers)
        if let bodyLength {
            if bodyLength > 0 || method != "GET" {
                writeStaticString("content-length: ")
                writeDecimal(bodyLength)
                writeStaticString("\r\n")
            }
        } else {
            writeStaticString("transfer-encoding: chunked\r\n")
        }
        writeStaticString("\r\n")
    }

    /// An answer's head.
    package mutating func writeResponseHead(
        status: Int,
        headers: HeaderFields,
        framing: BodyFraming,
        keepsAlive: Bool
    ) {
        writeStaticString("HTTP/1.1 ")
        writeDecimal(status)
        writeInteger(UInt8(ascii: " "))
        writeStaticString(reasonPhrase(status))
        writeStaticString("\r\n")
        writeFields(headers)
        switch framing {
        case .length(let length):
            writeStaticString("content-length: ")
            writeDecimal(length)
            writeStaticString("\r\n")
        case .chunked: writeStaticString("transfer-encoding: chunked\r\n")
        case .none, .untilClose: break
        }
        writeStaticString(keepsAlive ? "\r\n" : "connection: close\r\n\r\n")
    }

    /// The line before a chunk's data; after the data comes CR LF.
    package mutating func writeChunkSize(_ size: Int) {
        var digits = 0
        while digits < 15, size >> (4 * (digits + 1)) > 0 { digits += 1 }
        for digit in stride(from: digits, through: 0, by: -1) {
            let value = UInt8(size >> (4 * digit) & 15)
            writeInteger(value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10)
        }
        writeStaticString("\r\n")
    }

    private mutating func writeFields(_ headers: HeaderFields) {
        for field in headers where HeaderFields.isWritable(field) {
            writeString(field.name)
            writeStaticString(": ")
            writeString(field.value)
            writeStaticString("\r\n")
        }
    }

    private mutating func writeDecimal(_ number: Int) {
        writeString(String(number))
    }
}

/// The reason phrase that goes with a status (RFC 9110, section 15); a neutral one for what is not listed.
private func reasonPhrase(_ status: Int) -> StaticString {
    switch status {
    case 101: "Switching Protocols"
    case 200: "OK"
    case 204: "No Content"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 408: "Request Timeout"
    case 413: "Content Too Large"
    case 415: "Unsupported Media Type"
    case 422: "Unprocessable Content"
    case 426: "Upgrade Required"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    case 502: "Bad Gateway"
    case 503: "Service Unavailable"
    case 504: "Gateway Timeout"
    default: "Status"
    }
}

extension HeaderFields {
    /// Whether the name is made of visible characters without a colon and the value holds no CR, LF or NUL (RFC 9110,
    /// section 5.5): a field of which this is not true would be read as something else, and is left out.
    ///
    /// The last line of defence: whoever puts together a field from what others sent is to check that first.
    package static func isWritable(_ field: Field) -> Bool {
        var (name, value) = field
        let isName = name.withUTF8 { bytes in
            !bytes.isEmpty && bytes.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }
        }
        // Without an exit in the middle, so that the compiler can look at many bytes at once.
        let breaks = value.withUTF8 { bytes in
            bytes.reduce(0 as UInt8) { $0 | ($1 == 0x0D ? 1 : 0) | ($1 == 0x0A ? 1 : 0) | ($1 == 0 ? 1 : 0) }
        }
        return isName && breaks == 0
    }
}
