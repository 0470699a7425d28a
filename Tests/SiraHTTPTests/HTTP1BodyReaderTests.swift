import NIOCore
import SiraHTTP
import Testing

@Suite struct HTTP1BodyReaderTests {
    @Test func `chunks are joined, wherever the bytes are cut`() throws {
        let text = Array("5 \t; name=\"x\"\r\nhello\r\nA \r\n, world!!!\r\n0\r\nTrailer: 1\r\n\r\nNEXT".utf8)
        for cut in 0...text.count {
            var reader = HTTP1BodyReader(.chunked)
            var buffer = ByteBuffer(bytes: text[..<cut])
            var body = ""
            var ended = try drain(&reader, &buffer, into: &body)
            buffer.writeBytes(text[cut...])
            if !ended { ended = try drain(&reader, &buffer, into: &body) }
            #expect(ended)
            #expect(body == "hello, world!!!")
            #expect(String(buffer: buffer) == "NEXT")
        }
    }

    @Test(arguments: [
        "-1\r\n", "0x1\r\na", "\r\n\r\n", "1\r\nabc\r\n", "FFFFFFFFFFFFFFFFF\r\n", "5\nhello", "g\r\n",
        "5 zz\r\nhello\r\n", "5 5\r\nhello\r\n", " 5\r\nhello\r\n", ";x\r\n\r\n", "5;a\rb\r\nhello\r\n",
        "5\r\r\nhello\r\n", "5;\u{0}\r\nhello\r\n", "0\r\nx: a\rb\r\n\r\n", "0\r\n\rx: y\r\n\r\n",
    ])
    func `broken chunks are refused`(text: String) {
        #expect(throws: HTTP1Error.chunk) {
            var reader = HTTP1BodyReader(.chunked)
            var buffer = ByteBuffer(string: text)
            var body = ""
            _ = try drain(&reader, &buffer, into: &body)
        }
    }

    @Test func `only a body without a length may end with the connection`() throws {
        var body = ""
        var counted = HTTP1BodyReader(.length(3))
        var buffer = ByteBuffer(string: "ab")
        #expect(try !drain(&counted, &buffer, into: &body))
        #expect(!counted.mayEndNow)
        #expect(HTTP1BodyReader(.untilClose).mayEndNow)
        #expect(HTTP1BodyReader(.none).mayEndNow)
    }

    /// Takes what there is; true at the body's end.
    private func drain(
        _ reader: inout HTTP1BodyReader,
        _ buffer: inout ByteBuffer,
        into body: inout String
    ) throws -> Bool {
        while true {
            switch try reader.next(in: &buffer) {
            case .data(let piece): body += String(buffer: piece)
            case .end: return true
            case .incomplete: return false
            }
        }
    }
}
