package import NIOCore
package import SiraWire

/// What comes over a WebSocket, once frames have been put together (RFC 6455, sections 5.4 to 5.6).
package enum WebSocketEvent: Hashable, Sendable {
    case message(SocketMessage)
    case ping(ByteBuffer)
    case pong
    case close(SocketClose)
}

/// Takes messages off a connection's bytes, with the control frames between and within them.
package struct WebSocketMessageReader: Sendable {
    private let reader: WebSocketFrameReader
    private let limit: Int
    /// The message whose last frame has not come.
    private var begun: SocketMessage?

    /// - Parameters:
    ///   - role: the end that reads.
    ///   - limit: the most bytes of a message.
    package init(_ role: WebSocketRole, limit: Int) {
        reader = WebSocketFrameReader(role)
        self.limit = limit
    }

    /// Takes the next event off the front of `buffer`; nil while none has arrived whole.
    package mutating func next(in buffer: inout ByteBuffer) throws(WebSocketError) -> WebSocketEvent? {
        while let frame = try reader.next(in: &buffer, room: limit - (begun?.payload.readableBytes ?? 0)) {
            switch frame.kind {
            case .ping: return .ping(frame.payload)
            case .pong: return .pong
            case .close: return .close(try close(frame.payload))
            case .text, .binary:
                guard begun == nil else { throw .violation("a message begins within another") }
                let message = SocketMessage(isText: frame.kind == .text, payload: frame.payload)
                if frame.isFinal { return .message(try checked(message)) }
                begun = message
            case .continuation:
                guard var message = begun else { throw .violation("a message goes on that has not begun") }
                begun = nil  // lets go of the buffer, so that it can grow in place
                message.payload.writeImmutableBuffer(frame.payload)
                if frame.isFinal { return .message(try checked(message)) }
                begun = message
            }
        }
        return nil
    }

    private func checked(_ message: SocketMessage) throws(WebSocketError) -> SocketMessage {
        guard !message.isText || message.payload.isUTF8 else { throw .invalidText }
        return message
    }

    private func close(_ payload: ByteBuffer) throws(WebSocketError) -> SocketClose {
        guard payload.readableBytes > 0 else { return SocketClose(nil) }
        var payload = payload
        guard let code = payload.readInteger(as: UInt16.self), SocketClose.mayBeSent(code) else {
            throw .violation("the code of a farewell is none")
        }
        guard payload.isUTF8 else { throw .invalidText }
        return SocketClose(code, String(buffer: payload))
    }
}

extension SocketClose {
    /// Whether the code may stand in a frame (RFC 6455, section 7.4, and IANA's registry of close codes).
    package static func mayBeSent(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }

    /// The payload of the frame that says it: the code, and as much of the reason as there is room for.
    var payload: ByteBuffer {
        var payload = ByteBuffer()
        guard let code, Self.mayBeSent(code) else { return payload }
        payload.writeInteger(code)
        for character in reason {
            let bytes = String(character).utf8
            guard payload.readableBytes + bytes.count <= WebSocketFrame.controlLimit else { break }
            payload.writeBytes(bytes)
        }
        return payload
    }
}

extension ByteBuffer {
    /// Whether the readable bytes are UTF-8.
    fileprivate var isUTF8: Bool {
        withUnsafeReadableBytes { bytes in
            (try? UTF8Span(validating: bytes.bindMemory(to: UInt8.self).span)) != nil
        }
    }
}
