import NIOCore
import SiraHTTP
import SiraWire
import Testing

@Suite struct HTTP1WriterTests {
    static let broken: [HeaderFields.Field] = [
        ("x", "a\r\nset-cookie: b=c"), ("x", "a\nb"), ("x", "a\rb"), ("x", "a\u{0}b"), ("x\r\ny", "a"), ("x:", "a"),
        ("x y", "a"), ("", "a"),
    ]

    @Test(arguments: broken)
    func `a field that would be read as something else is left out`(field: HeaderFields.Field) {
        #expect(!HeaderFields.isWritable(field))
        let headers = HeaderFields([("a", "1"), field, ("b", "2")])
        var answer = ByteBuffer()
        answer.writeResponseHead(status: 200, headers: headers, framing: .length(3), keepsAlive: true)
        #expect(String(buffer: answer) == "HTTP/1.1 200 OK\r\na: 1\r\nb: 2\r\ncontent-length: 3\r\n\r\n")
        var request = ByteBuffer()
        request.writeRequestHead(method: "GET", target: "/", authority: "h", headers: headers, bodyLength: 0)
        #expect(String(buffer: request) == "GET / HTTP/1.1\r\nhost: h\r\na: 1\r\nb: 2\r\n\r\n")
    }

    @Test(arguments: [("x", ""), ("x-y_z.9", "tab\tand space "), ("X", "Grüße, 東京 \u{7F}"), ("x", "caf\u{E9}\u{0301}")])
    func `any other field is written as it is`(name: String, value: String) {
        #expect(HeaderFields.isWritable((name, value)))
        var answer = ByteBuffer()
        answer.writeResponseHead(
            status: 299,
            headers: HeaderFields([(name, value)]),
            framing: .chunked,
            keepsAlive: false
        )
        #expect(
            String(buffer: answer)
                == "HTTP/1.1 299 Status\r\n\(name): \(value)\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
        )
    }
}
