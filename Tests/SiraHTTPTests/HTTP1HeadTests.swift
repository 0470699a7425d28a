import NIOCore
import SiraHTTP
import SiraTesting
import SiraWire
import Testing

@Suite struct HTTP1HeadTests {
    @Test func `a request's head is read, however it is cut`() throws {
        let text =
            "POST /v1/chat/completions?x=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\nX-Odd:  a b \t\r\n\r\nbody"
        for cut in 0...text.utf8.count {
            var reader = HTTP1HeadReader(limit: 1_024)
            var buffer = ByteBuffer(bytes: text.utf8.prefix(cut))
            var lines = try reader.next(in: &buffer)
            if lines == nil {
                buffer.writeBytes(text.utf8.dropFirst(cut))
                lines = try reader.next(in: &buffer)
            } else {
                buffer.writeBytes(text.utf8.dropFirst(cut))
            }
            let head = try #require(lines).request()
            #expect(head.method == "POST")
            #expect(head.target == "/v1/chat/completions?x=1")
            #expect(head.framing == .length(12))
            #expect(head.headers["x-odd"] == "a b")
            #expect(head.keepsAlive)
            #expect(String(buffer: buffer) == "body")
        }
    }

    @Test(arguments: [
        "GET / HTTP/1.1\nHost: a\n\r\n\r\n", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
        "GET / HTTP/2.0\r\nHost: a\r\n\r\n", "GET /\u{1} HTTP/1.1\r\nHost: a\r\n\r\n", "/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\u{0}b\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\rContent-Length: 44\r\nX: y\r\n\r\n", "GET / HTTP/1.1\r\n\rHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\r\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\rX: y\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n",
    ])
    func `what two servers could read differently is refused`(text: String) {
        #expect(throws: HTTP1Error.self) {
            var reader = HTTP1HeadReader(limit: 1_024)
            var buffer = ByteBuffer(string: text)
            _ = try reader.next(in: &buffer)?.request()
        }
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\nContent-Length: 5\r\n\r\n", "HTTP/1.1 200 a\u{0}\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\n\rContent-Length: 5\r\n\r\n",
    ])
    func `an answer that two readers could take differently is refused`(text: String) {
        #expect(throws: HTTP1Error.self) {
            var reader = HTTP1HeadReader(limit: 1_024)
            var buffer = ByteBuffer(string: text)
            _ = try reader.next(in: &buffer)?.response()
        }
    }

    /// A head that is accepted has one reading: every CR and LF in it belongs to the end of a line, each line but the
    /// first and the last is a field that was handed out, and only the last is blank.
    @Test(arguments: 0..<8)
    func `no byte of an accepted head is overlooked`(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let insertions: [[UInt8]] = [[0x0D], [0x0A], [0x0D, 0x0A], [0x0D, 0x0A, 0x0D], [0x20], [0x3A], [0x00]]
        for _ in 0..<4_000 {
            var bytes = Array("GET /a HTTP/1.1\r\nHost: a\r\nAccept: b\r\nContent-Length: 3\r\n\r\n".utf8)
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                bytes.insert(contentsOf: insertions.randomElement(using: &random) ?? [], at: at)
            }
            var reader = HTTP1HeadReader(limit: 1_024)
            var buffer = ByteBuffer(bytes: bytes)
            guard let head = try? reader.next(in: &buffer)?.request() else { continue }
            let text = String(decoding: bytes.dropLast(buffer.readableBytes), as: UTF8.self)
            let lines = text.split(separator: "\r\n" as Character, omittingEmptySubsequences: false)
            #expect(!lines.contains { line in line.unicodeScalars.contains { $0 == "\r" || $0 == "\n" } })
            #expect(lines.count == 1 + head.headers.fields.count + 2)
            #expect(lines.dropLast(2).allSatisfy { !$0.isEmpty } && lines.suffix(2).allSatisfy { $0.isEmpty })
        }
    }

    @Test func `a head may not grow without end`() {
        #expect(throws: HTTP1Error.headTooLarge) {
            var reader = HTTP1HeadReader(limit: 100)
            var buffer = ByteBuffer(string: "GET / HTTP/1.1\r\nX: " + String(repeating: "a", count: 100))
            _ = try reader.next(in: &buffer)
        }
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 200, BodyFraming.length(5), true),
        ("HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n", 200, .chunked, true),
        ("HTTP/1.1 204 No Content\r\n\r\n", 204, .none, true), ("HTTP/1.1 200 OK\r\n\r\n", 200, .untilClose, false),
        ("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n", 200, .length(1), false),
        ("HTTP/1.1 500 x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", 500, .none, false),
    ])
    func `an answer's framing follows RFC 9112`(text: String, status: Int, framing: BodyFraming, keeps: Bool) throws {
        var reader = HTTP1HeadReader(limit: 1_024)
        var buffer = ByteBuffer(string: text)
        let head = try #require(try reader.next(in: &buffer)).response()
        #expect(head.status == status)
        #expect(head.framing == framing)
        #expect(head.keepsAlive == keeps)
    }

    /// Whatever bytes come, reading ends: with a message, an error, or the wish for more.
    @Test(arguments: 0..<8)
    func `random bytes never crash the readers`(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let seeds = [
            "POST /v1/messages HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\n\rContent-Length: 3\r\nX: y\r\n\r\nabc",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA;x=y\r\n0123456789\r\n0\r\nT: v\r\n\r\n",
        ]
        for _ in 0..<2_000 {
            var bytes = Array(seeds[Int.random(in: 0..<seeds.count, using: &random)].utf8)
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.insert([0x0D, 0x0A, 0x20, 0x3A].randomElement(using: &random) ?? 0, at: at)
                default: if bytes.count > 1 { bytes.remove(at: at) }
                }
            }
            readAll(bytes, step: Int.random(in: 1...bytes.count, using: &random))
        }
    }

    private func readAll(_ bytes: [UInt8], step: Int) {
        var reader = HTTP1HeadReader(limit: 512)
        var body: HTTP1BodyReader?
        var buffer = ByteBuffer()
        do throws(HTTP1Error) {
            for start in stride(from: 0, to: bytes.count, by: step) {
                buffer.writeBytes(bytes[start..<min(start + step, bytes.count)])
                if body == nil, let lines = try reader.next(in: &buffer) {
                    body = HTTP1BodyReader(
                        try bytes.starts(with: "HTTP".utf8) ? lines.response().framing : lines.request().framing
                    )
                }
                reading: while body != nil {
                    switch try body?.next(in: &buffer) {
                    case .data?: continue
                    case .end?: return
                    case .incomplete?, nil: break reading
                    }
                }
            }
        } catch {
            return  // refused, which is an answer too
        }
    }
}
