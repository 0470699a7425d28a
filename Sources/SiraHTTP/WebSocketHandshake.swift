import Crypto
package import SiraCore
package import SiraWire

/// The handshake of a WebSocket over HTTP/1.1 (RFC 6455, section 4).
package enum WebSocketHandshake {
    /// What a server answers to a client's key, to show that it has understood.
    package static func accept(_ key: String) -> String {
        let digest = Insecure.SHA1.hash(data: Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
        return base64(Array(digest))
    }

    /// A client's key: 16 bytes that nobody has seen before.
    package static func makeKey(using random: inout some RandomNumberGenerator) -> String {
        base64((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    }

    /// The fields by which a client asks.
    package static func request(key: String, subprotocols: [String]) -> [HeaderFields.Field] {
        var fields = [
            ("connection", "Upgrade"), ("upgrade", "websocket"), ("sec-websocket-version", "13"),
            ("sec-websocket-key", key),
        ]
        if !subprotocols.isEmpty { fields.append(("sec-websocket-protocol", subprotocols.joined(separator: ", "))) }
        return fields
    }

    /// The fields by which a server agrees.
    package static func response(key: String, subprotocol: String?) -> [HeaderFields.Field] {
        var fields = [("connection", "Upgrade"), ("upgrade", "websocket"), ("sec-websocket-accept", accept(key))]
        if let subprotocol { fields.append(("sec-websocket-protocol", subprotocol)) }
        return fields
    }

    /// The key of a client that asks for a WebSocket.
    ///
    /// - Throws: `upgradeRequired` when the request asks for none, `malformedRequest` when it does so wrongly.
    package static func key(in headers: HeaderFields) throws(GatewayError) -> String {
        guard headers.hold("websocket", in: "upgrade"), headers.hold("upgrade", in: "connection") else {
            throw upgradeRequired
        }
        guard headers.values(of: "sec-websocket-version") == ["13"] else {
            throw GatewayError(.upgradeRequired, "Sira speaks version 13 of the WebSocket protocol (RFC 6455). Use it.")
        }
        let keys = headers.values(of: "sec-websocket-key")
        guard keys.count == 1, isKey(keys[0]) else {
            throw GatewayError(
                .malformedRequest,
                "The field sec-websocket-key must be there once, with 16 bytes in base 64 (RFC 6455). Check the client."
            )
        }
        return keys[0]
    }

    /// The error for a request that should ask for a WebSocket and does not.
    package static let upgradeRequired = GatewayError(
        .upgradeRequired,
        "This path takes a WebSocket over HTTP/1.1: a GET with upgrade: websocket. Connect with a WebSocket client to a "
            + "ws:// or wss:// address, and not over HTTP/2."
    )

    /// Whether a provider's head agrees to what was asked with `key`.
    package static func agrees(_ headers: HeaderFields, to key: String) -> Bool {
        headers.hold("websocket", in: "upgrade") && headers.hold("upgrade", in: "connection")
            && headers.values(of: "sec-websocket-accept") == [accept(key)]
            && headers["sec-websocket-extensions"] == nil
    }

    /// The subprotocols that the fields name, in their order.
    package static func subprotocols(in headers: HeaderFields) -> [String] {
        headers.values(of: "sec-websocket-protocol").flatMap(\.listed)
    }

    /// 24 characters of base 64, of which the last two fill up.
    private static func isKey(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.count == 24 && bytes.suffix(2).elementsEqual("==".utf8)
            && bytes.dropLast(2).allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                    true
                default: false
                }
            }
    }
}

extension HeaderFields {
    /// The values of all fields of this name, which is in lower case.
    fileprivate func values(of name: String) -> [String] {
        compactMap { $0.name.matches(lowercased: name) ? $0.value : nil }
    }

    /// Whether `option` is in the list that fields of this name hold.
    fileprivate func hold(_ option: String, in name: String) -> Bool {
        values(of: name).contains { $0.listed.contains { $0.matches(lowercased: option) } }
    }
}

extension String {
    /// The members of a list with commas, without the spaces around them.
    fileprivate var listed: [String] {
        split(separator: ",").map { part in
            String(part.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
        }
        .filter { !$0.isEmpty }
    }
}
