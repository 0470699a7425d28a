import SiraTesting
import Testing

@testable import SiraBedrock

@Suite struct EventStreamMessageTests {
    private func decoded(_ bytes: [UInt8]) throws -> EventStreamMessage {
        try bytes.withUnsafeBytes { try EventStreamMessage($0) }
    }

    @Test func `a message without headers and payload is sixteen bytes with these checksums`() throws {
        let bytes: [UInt8] = [
            0x00, 0x00, 0x00, 0x10, 0x00, 0x00, 0x00, 0x00, 0x05, 0xC2, 0x48, 0xEB, 0x7D, 0x98, 0xC8, 0xFF,
        ]
        #expect(EventStreamMessage(headers: [], payload: []).bytes == bytes)
        #expect(try decoded(bytes) == EventStreamMessage(headers: [], payload: []))
    }

    @Test func `a message with a payload alone is these bytes`() throws {
        let bytes: [UInt8] = [
            0x00, 0x00, 0x00, 0x1D, 0x00, 0x00, 0x00, 0x00, 0xFD, 0x52, 0x8C, 0x5A, 0x7B, 0x27, 0x66, 0x6F, 0x6F, 0x27,
            0x3A, 0x27, 0x62, 0x61, 0x72, 0x27, 0x7D, 0xC3, 0x65, 0x39, 0x36,
        ]
        #expect(try decoded(bytes).payload == Array("{'foo':'bar'}".utf8))
    }

    @Test func `random messages survive the way there and back`() throws {
        var random = SeededRandom(seed: 1)
        for _ in 0..<300 {
            let message = Self.message(using: &random)
            #expect(try decoded(message.bytes) == message)
        }
    }

    @Test func `a flipped bit is noticed wherever it is`() {
        var random = SeededRandom(seed: 2)
        for _ in 0..<20 {
            let bytes = Self.message(using: &random).bytes
            for at in bytes.indices {
                var broken = bytes
                broken[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                #expect(throws: EventStreamError.self) { try decoded(broken) }
            }
        }
    }

    @Test func `cut off messages and false lengths are errors`() {
        var random = SeededRandom(seed: 3)
        let bytes = Self.message(using: &random).bytes
        for length in 0..<bytes.count {
            #expect(throws: EventStreamError.self) { try decoded(Array(bytes[..<length])) }
        }
        #expect(throws: EventStreamError.wrongLength) { try decoded(bytes + [0]) }
    }

    @Test func `headers that lie about their length are errors even where the checksums fit`() {
        for value: [UInt8] in [[1], [7, 0xFF, 0xFF], [10], [9, 1], [6], [3, 1], []] {
            let head = [UInt8(1), UInt8(ascii: "a")] + value
            var bytes: [UInt8] = []
            bytes.append(number: 16 + head.count - 1, bytes: 4)
            // One byte fewer than the header has.
            bytes.append(number: head.count - 1, bytes: 4)
            bytes.append(number: CRC32.checksum(of: bytes), bytes: 4)
            bytes += head.dropLast()
            bytes.append(number: CRC32.checksum(of: bytes), bytes: 4)
            #expect(throws: EventStreamError.malformedHeader) { try decoded(bytes) }
        }
    }

    private static func message(using random: inout SeededRandom) -> EventStreamMessage {
        let values: [EventStreamHeader.Value] = [
            .bool(true), .bool(false), .byte(.min), .short(-2), .integer(.max), .long(.min), .bytes([0, 255]),
            .string("línea 🫖"), .timestamp(1_700_000_000_000), .uuid(Array(0..<16)), .string(""), .bytes([]),
        ]
        let headers = (0..<Int.random(in: 0...5, using: &random)).map { index in
            EventStreamHeader("name-\(index)", values.randomElement(using: &random) ?? .bool(true))
        }
        let payload = (0..<Int.random(in: 0...300, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        return EventStreamMessage(headers: headers, payload: payload)
    }
}
