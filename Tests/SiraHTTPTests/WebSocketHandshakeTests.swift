import SiraCore
import SiraHTTP
import SiraTesting
import SiraWire
import Testing

@Suite struct WebSocketHandshakeTests {
    private static let key = "dGhlIHNhbXBsZSBub25jZQ=="

    private static func fields(_ change: (inout [(String, String)]) -> Void = { _ in }) -> HeaderFields {
        var fields = [
            ("Host", "sira"), ("Connection", "keep-alive, Upgrade"), ("Upgrade", "WebSocket"),
            ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", key),
        ]
        change(&fields)
        return HeaderFields(fields.map { (name: $0.0, value: $0.1) })
    }

    private static func code(_ headers: HeaderFields) -> ErrorCode? {
        do throws(GatewayError) {
            _ = try WebSocketHandshake.key(in: headers)
            return nil
        } catch {
            return error.code
        }
    }

    @Test func `a key is accepted as in the standard's example`() {
        // RFC 6455, section 1.3.
        #expect(WebSocketHandshake.accept(Self.key) == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    @Test func `a wish for a WebSocket is known by its fields, whatever their case`() throws {
        #expect(try WebSocketHandshake.key(in: Self.fields()) == Self.key)
    }

    @Test func `a request that does not ask for a WebSocket of this version is told to`() {
        #expect(Self.code(Self.fields { $0.removeAll { $0.0 == "Upgrade" } }) == .upgradeRequired)
        #expect(Self.code(Self.fields { $0.removeAll { $0.0 == "Connection" } }) == .upgradeRequired)
        #expect(Self.code(Self.fields { $0[3].1 = "8" }) == .upgradeRequired)
    }

    @Test(arguments: ["", "abc", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZSE!", "!!!!IHNhbXBsZSBub25jZQ=="])
    func `a key that is not sixteen bytes in base 64 is refused`(key: String) {
        #expect(Self.code(Self.fields { $0[4].1 = key }) == .malformedRequest)
    }

    @Test func `two keys are refused`() {
        #expect(Self.code(Self.fields { $0.append(("sec-websocket-key", Self.key)) }) == .malformedRequest)
    }

    @Test func `what a client asks, a server agrees to`() throws {
        var random = SeededRandom(seed: 1)
        let key = WebSocketHandshake.makeKey(using: &random)
        let asked = HeaderFields(WebSocketHandshake.request(key: key, subprotocols: ["realtime", "other"]))
        #expect(try WebSocketHandshake.key(in: asked) == key)
        #expect(WebSocketHandshake.subprotocols(in: asked) == ["realtime", "other"])
        let answered = HeaderFields(WebSocketHandshake.response(key: key, subprotocol: "realtime"))
        #expect(WebSocketHandshake.agrees(answered, to: key))
        #expect(!WebSocketHandshake.agrees(answered, to: Self.key))
        #expect(WebSocketHandshake.subprotocols(in: answered) == ["realtime"])
    }

    @Test func `a server that switches extensions on which nobody asked for does not agree`() {
        var answered = HeaderFields(WebSocketHandshake.response(key: Self.key, subprotocol: nil))
        answered.append("Sec-WebSocket-Extensions", "permessage-deflate")
        #expect(!WebSocketHandshake.agrees(answered, to: Self.key))
    }
}
