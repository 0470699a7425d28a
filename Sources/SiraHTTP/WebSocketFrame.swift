package import NIOCore

/// Which end of a WebSocket this is: clients mask what they send, servers do not (RFC 6455, section 5.1).
package enum WebSocketRole: Sendable {
    case client, server
}

/// A frame of a WebSocket (RFC 6455, section 5.2).
package struct WebSocketFrame: Hashable, Sendable {
    package enum Kind: UInt8, Sendable, CaseIterable {
        case continuation = 0
        case text = 1
        case binary = 2
        case close = 8
        case ping = 9
        case pong = 10

        package var isControl: Bool { rawValue >= 8 }
    }

    /// Whether it is the last of its message.
    package var isFinal: Bool
    package var kind: Kind
    /// Not masked.
    package var payload: ByteBuffer

    package init(_ kind: Kind, _ payload: ByteBuffer, isFinal: Bool = true) {
        self.kind = kind
        self.payload = payload
        self.isFinal = isFinal
    }

    /// The most bytes of a control frame's payload (section 5.5).
    package static let controlLimit = 125
}

/// Why bytes are no messages of a WebSocket, with the code that tells the other side (RFC 6455, section 7.4.1).
package enum WebSocketError: Error, Hashable, Sendable {
    /// The rules of framing are broken; how, as the end of a sentence.
    case violation(String)
    /// A message is larger than allowed.
    case tooLarge
    /// A text is not UTF-8.
    case invalidText

    package var code: UInt16 {
        switch self {
        case .violation: 1002
        case .invalidText: 1007
        case .tooLarge: 1009
        }
    }

    /// What is wrong, for the reason of a farewell.
    package var reason: String {
        switch self {
        case .violation(let what): what
        case .invalidText: "a text is not UTF-8"
        case .tooLarge: "a message is too large"
        }
    }
}

extension ByteBuffer {
    /// Writes a frame's head, and its payload unless that is to be written apart.
    ///
    /// - Parameter mask: what a client masks the payload with, unpredictable to others; nil for a server.
    package mutating func writeWebSocketFrame(_ frame: WebSocketFrame, mask: UInt32?) {
        writeWebSocketHead(frame.kind, length: frame.payload.readableBytes, mask: mask, isFinal: frame.isFinal)
        let start = writerIndex
        writeImmutableBuffer(frame.payload)
        guard let mask, writerIndex > start else { return }
        withUnsafeMutableReadableBytes { bytes in
            let masked = UnsafeMutableRawBufferPointer(rebasing: bytes[(bytes.count - frame.payload.readableBytes)...])
            applyMask(mask, to: masked)
        }
    }

    /// Writes the head of a frame whose payload follows.
    package mutating func writeWebSocketHead(
        _ kind: WebSocketFrame.Kind,
        length: Int,
        mask: UInt32?,
        isFinal: Bool = true
    ) {
        writeInteger((isFinal ? 0x80 : 0) | kind.rawValue)
        let maskBit: UInt8 = mask == nil ? 0 : 0x80
        switch length {
        case ...125:
            writeInteger(maskBit | UInt8(length))
        case ...0xFFFF:
            writeInteger(maskBit | 126)
            writeInteger(UInt16(length))
        default:
            writeInteger(maskBit | 127)
            writeInteger(UInt64(length))
        }
        if let mask { writeInteger(mask) }
    }
}

/// Masks or unmasks (RFC 6455, section 5.3), eight bytes at a time.
func applyMask(_ mask: UInt32, to bytes: UnsafeMutableRawBufferPointer) {
    guard mask != 0 else { return }
    let wide = (UInt64(mask) << 32 | UInt64(mask)).bigEndian
    var at = 0
    while at + 8 <= bytes.count {
        let word = bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
        bytes.storeBytes(of: word ^ wide, toByteOffset: at, as: UInt64.self)
        at += 8
    }
    while at < bytes.count {
        bytes[at] ^= UInt8(truncatingIfNeeded: mask >> (24 - 8 * UInt32(at & 3)))
        at += 1
    }
}
