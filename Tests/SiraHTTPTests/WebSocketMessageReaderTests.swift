import NIOCore
import SiraHTTP
import SiraTesting
import SiraWire
import Testing

@Suite struct WebSocketMessageReaderTests {
    /// Reads all that bytes hold, given in pieces of this size.
    private static func read(
        _ bytes: ByteBuffer,
        by size: Int = .max,
        as role: WebSocketRole = .client,
        limit: Int = 100_000
    ) throws(WebSocketError) -> [WebSocketEvent] {
        var reader = WebSocketMessageReader(role, limit: limit)
        var (received, bytes) = (ByteBuffer(), bytes)
        var events: [WebSocketEvent] = []
        while bytes.readableBytes > 0 {
            guard var piece = bytes.readSlice(length: min(size, bytes.readableBytes)) else { break }
            received.writeBuffer(&piece)
            while let event = try reader.next(in: &received) { events.append(event) }
        }
        return events
    }

    private static func error(_ bytes: [UInt8], as role: WebSocketRole = .client, limit: Int = 100) -> WebSocketError? {
        do throws(WebSocketError) {
            _ = try read(ByteBuffer(bytes: bytes), as: role, limit: limit)
            return nil
        } catch {
            return error
        }
    }

    private static func text(_ text: String) -> WebSocketEvent {
        .message(SocketMessage(isText: true, payload: ByteBuffer(string: text)))
    }

    @Test func `the standard's examples are read`() throws {
        // RFC 6455, section 5.7.
        let hello = ByteBuffer(bytes: [0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
        #expect(try Self.read(hello) == [Self.text("Hello")])
        let masked = ByteBuffer(bytes: [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58])
        #expect(try Self.read(masked, as: .server) == [Self.text("Hello")])
        let pieces = ByteBuffer(bytes: [0x01, 0x03, 0x48, 0x65, 0x6C, 0x80, 0x02, 0x6C, 0x6F])
        #expect(try Self.read(pieces) == [Self.text("Hello")])
        let ping = ByteBuffer(bytes: [0x89, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
        #expect(try Self.read(ping) == [.ping(ByteBuffer(string: "Hello"))])
    }

    @Test(arguments: [WebSocketRole.client, .server])
    func `what is written is read, however it is cut`(role: WebSocketRole) throws {
        var random = SeededRandom(seed: 11)
        for _ in 0..<60 {
            var bytes = ByteBuffer()
            var expected: [WebSocketEvent] = []
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let length = [0, 1, 125, 126, 200, 65_535, 65_536, 70_001].randomElement(using: &random) ?? 0
                let payload = ByteBuffer(bytes: (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) })
                let parts = Int.random(in: 1...3, using: &random)
                for part in 0..<parts {
                    let from = length * part / parts
                    let piece = payload.getSlice(at: from, length: length * (part + 1) / parts - from)
                    let frame = WebSocketFrame(
                        part == 0 ? .binary : .continuation,
                        try #require(piece),
                        isFinal: part == parts - 1
                    )
                    bytes.writeWebSocketFrame(frame, mask: role == .server ? random.mask : nil)
                    if part < parts - 1, Bool.random(using: &random) {
                        let ping = WebSocketFrame(.ping, ByteBuffer(string: "?"))
                        bytes.writeWebSocketFrame(ping, mask: role == .server ? random.mask : nil)
                        expected.append(.ping(ByteBuffer(string: "?")))
                    }
                }
                expected.append(.message(SocketMessage(isText: false, payload: payload)))
            }
            let size = [1, 7, 1_000, .max].randomElement(using: &random) ?? 1
            guard size > 1 || bytes.readableBytes < 5_000 else { continue }
            #expect(try Self.read(bytes, by: size, as: role) == expected)
        }
    }

    @Test func `no bytes trap, and a reader takes no more than it may`() {
        var random = SeededRandom(seed: 3)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                UInt8.random(in: .min ... .max, using: &random)
            }
            for role in [WebSocketRole.client, .server] {
                var reader = WebSocketMessageReader(role, limit: 16)
                var buffer = ByteBuffer(bytes: bytes)
                do throws(WebSocketError) {
                    while let event = try reader.next(in: &buffer) {
                        if case .message(let message) = event { #expect(message.payload.readableBytes <= 16) }
                    }
                } catch {
                    #expect(error.code >= 1002)
                }
            }
        }
    }

    @Test func `frames are masked by clients, and by nobody else`() {
        #expect(Self.error([0x81, 0x00], as: .server)?.code == 1002)
        #expect(Self.error([0x81, 0x80, 1, 2, 3, 4], as: .client)?.code == 1002)
    }

    @Test(
        arguments: [
            [0xC1, 0x00],  // a bit that only an extension gives a meaning
            [0x83, 0x00], [0x8B, 0x00],  // kinds that are not known
            [0x09, 0x00], [0x88, 126, 0, 126],  // control frames in pieces or too long
            [0x80, 0x00],  // goes on with nothing
            [0x01, 0x00, 0x81, 0x00],  // begins within another
            [0x82, 126, 0, 125], [0x82, 127, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF],  // not the shortest form
            [0x82, 127, 0xFF, 0, 0, 0, 0, 0, 0, 0],
            [0x88, 0x01, 0x03], [0x88, 0x02, 0x03, 0xED], [0x88, 0x02, 0x00, 0x01],  // farewells with a wrong code
        ] as [[UInt8]]
    )
    func `what breaks the rules is refused as such`(bytes: [UInt8]) {
        #expect(Self.error(bytes)?.code == 1002)
    }

    @Test func `a message is refused for its size by what it says, before it has come`() {
        #expect(Self.error([0x82, 101], limit: 100) == .tooLarge)
        #expect(Self.error([0x82, 127, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], limit: 100) == .tooLarge)
        // In two pieces of 60.
        let piece = [UInt8](repeating: 0, count: 60)
        #expect(Self.error([0x02, 60] + piece + [0x80, 60], limit: 100) == .tooLarge)
        #expect(Self.error([0x82, 100], limit: 100) == nil)
    }

    @Test func `a text must be UTF-8, even where a character comes in two pieces`() throws {
        #expect(Self.error([0x81, 0x02, 0xC3, 0x28]) == .invalidText)
        #expect(Self.error([0x88, 0x04, 0x03, 0xE8, 0xC3, 0x28]) == .invalidText)
        let split = ByteBuffer(bytes: [0x01, 0x01, 0xC3, 0x80, 0x01, 0xA9])
        #expect(try Self.read(split) == [Self.text("é")])
    }

    @Test func `a farewell tells its code and reason, or nothing`() throws {
        let full = ByteBuffer(bytes: [0x88, 0x04, 0x03, 0xE9] + Array("ok".utf8))
        #expect(try Self.read(full) == [.close(SocketClose(1001, "ok"))])
        #expect(try Self.read(ByteBuffer(bytes: [0x88, 0x00])) == [.close(SocketClose(nil))])
    }
}

extension SeededRandom {
    fileprivate var mask: UInt32 { mutating get { .random(in: .min ... .max, using: &self) } }
}
