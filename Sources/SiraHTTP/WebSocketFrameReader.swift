package import NIOCore

/// Takes frames off a connection's bytes (RFC 6455, section 5.2).
///
/// Strict: frames are masked by clients and by nobody else, lengths are written in their shortest form, and nothing is
/// taken that only an extension could mean, since none is ever agreed on.
package struct WebSocketFrameReader: Sendable {
    private let role: WebSocketRole

    /// - Parameter role: the end that reads.
    package init(_ role: WebSocketRole) {
        self.role = role
    }

    /// Takes a complete frame off the front of `buffer`.
    ///
    /// - Parameter room: the most bytes that a frame of data may have.
    /// - Returns: nil while none has arrived whole.
    package func next(in buffer: inout ByteBuffer, room: Int) throws(WebSocketError) -> WebSocketFrame? {
        guard let head = try head(buffer) else { return nil }
        guard head.kind.isControl || head.length <= room else { throw .tooLarge }
        guard buffer.readableBytes >= head.size + head.length else { return nil }
        buffer.moveReaderIndex(forwardBy: head.size)
        guard var payload = buffer.readSlice(length: head.length) else { return nil }
        if let mask = head.mask {
            payload.withUnsafeMutableReadableBytes { applyMask(mask, to: $0) }
        }
        return WebSocketFrame(head.kind, payload, isFinal: head.isFinal)
    }

    private struct Head {
        var isFinal: Bool
        var kind: WebSocketFrame.Kind
        var mask: UInt32?
        /// Bytes of the head itself, and of the payload behind it.
        var size: Int
        var length: Int
    }

    private func head(_ buffer: ByteBuffer) throws(WebSocketError) -> Head? {
        var rest = buffer
        guard let first = rest.readInteger(as: UInt8.self) else { return nil }
        guard first & 0x70 == 0 else { throw .violation("a frame has bits set that mean nothing here") }
        guard let kind = WebSocketFrame.Kind(rawValue: first & 0x0F) else {
            throw .violation("a frame is of no known kind")
        }
        guard let second = rest.readInteger(as: UInt8.self) else { return nil }
        guard (second & 0x80 != 0) == (role == .server) else {
            throw .violation(role == .server ? "a client's frame is not masked" : "a server's frame is masked")
        }
        let isFinal = first & 0x80 != 0
        let short = Int(second & 0x7F)
        if kind.isControl {
            guard isFinal, short <= WebSocketFrame.controlLimit else {
                throw .violation("a control frame is too long or in pieces")
            }
        }
        guard let length = try length(short, &rest) else { return nil }
        var head = Head(isFinal: isFinal, kind: kind, mask: nil, size: 0, length: length)
        if role == .server {
            guard let mask = rest.readInteger(as: UInt32.self) else { return nil }
            head.mask = mask
        }
        head.size = buffer.readableBytes - rest.readableBytes
        return head
    }

    private func length(_ short: Int, _ rest: inout ByteBuffer) throws(WebSocketError) -> Int? {
        let length: UInt64
        switch short {
        case 126:
            guard let medium = rest.readInteger(as: UInt16.self) else { return nil }
            guard medium > 125 else { throw .violation("a frame's length is not in its shortest form") }
            length = UInt64(medium)
        case 127:
            guard let long = rest.readInteger(as: UInt64.self) else { return nil }
            guard long > 0xFFFF, long <= UInt64(Int64.max) else {
                throw .violation("a frame's length is not in its shortest form")
            }
            length = long
        default:
            return short
        }
        // Beyond any limit, and so that adding to it cannot overflow.
        guard length < 1 << 48 else { throw .tooLarge }
        return Int(length)
    }
}
