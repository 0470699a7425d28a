import NIOCore
import SiraCore
import SiraLaneTesting
import SiraPipeline
import SiraTesting
import SiraWire
import Testing

@testable import SiraServer

@Suite struct UploadTests {
    private static let answer = #"{"text":"Hi"}"#

    /// A form whose model comes first, with a file of this many bytes.
    private static func form(_ size: Int) -> String {
        "--B\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nalpha/whisper\r\n"
            + "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n"
            + String(repeating: "x", count: size) + "\r\n--B--\r\n"
    }

    private static func head(_ server: Server, _ framing: String, path: String = "/v1/audio/transcriptions") -> String {
        "POST \(path) HTTP/1.1\r\nhost: sira\r\nx-api-key: \(server.lane.keyText)\r\n"
            + "content-type: multipart/form-data; boundary=B\r\n\(framing)\r\n\r\n"
    }

    private static func sent(_ server: Server, _ index: Int = 0) -> String {
        String(buffer: server.lane.transport.requests[index].body) + server.lane.transport.uploads[index].text
    }

    @Test(arguments: 0..<40, [true, false])
    func `a form is passed on wherever it is cut, and the connection goes on`(seed: UInt64, isChunked: Bool) throws {
        var random = SeededRandom(seed: seed)
        let server = try Server()
        let connection = try server.connect()
        server.lane.transport.turns = [.answerToAll(.init(json: Self.answer)), .answerToAll(.init(json: Self.answer))]
        let form = Self.form(300)
        let body =
            isChunked
            ? "5\r\n\(form.cut(0, 5))\r\n\(String(form.utf8.count - 5, radix: 16));x\r\n\(form.cut(5))\r\n0\r\n\r\n"
            : form
        let framing = isChunked ? "transfer-encoding: chunked" : "content-length: \(form.utf8.count)"
        var rest = Substring(Self.head(server, framing) + body + Self.head(server, framing) + body + Sample.live)
        while !rest.isEmpty {
            let count = Int.random(in: 1...min(rest.utf8.count, 90), using: &random)
            try connection.send(String(rest).cut(0, count))
            rest = Substring(String(rest).cut(count))
        }
        #expect(try connection.statuses() == [200, 200, 200] && connection.isOpen)
        let expected = form.replacing("alpha/whisper", with: "whisper")
        #expect(Self.sent(server) == expected && Self.sent(server, 1) == expected)
    }

    @Test func `a provider that takes nothing holds the client back`() throws {
        let server = try Server()
        let connection = try server.connect()
        server.lane.transport.turns = [.answer(.init(status: 200, [("content-type", "application/json")]))]
        let form = Self.form(500_000)
        try connection.send(Self.head(server, "content-length: \(form.utf8.count)") + form.cut(0, 1_000))
        let source = try #require(server.lane.transport.requests[0].rest?.source)
        source.setPaused(true)
        try connection.send(String(form.cut(1_000, 60_000)))
        #expect(!connection.isReadPaused && server.lane.transport.uploads[0].text.utf8.count < 1_000)
        try connection.send(String(form.cut(61_000, 60_000)))
        #expect(connection.isReadPaused)
        // While it is held back no time counts against the client.
        server.pass(.seconds(100))
        source.setPaused(false)
        #expect(!connection.isReadPaused)
        try connection.send(String(form.cut(121_000)))
        #expect(Self.sent(server) == form.replacing("alpha/whisper", with: "whisper"))
        #expect(server.lane.transport.uploads[0].isComplete)
    }

    @Test func `a client that is slower than the pace is let go`() throws {
        let server = try Server()
        let connection = try server.connect()
        server.lane.transport.turns = [.silence]
        let form = Self.form(500_000)
        try connection.send(Self.head(server, "content-length: \(form.utf8.count)") + form.cut(0, 1_000))
        for count in [70_000, 70_000] {
            server.pass(.seconds(29))
            try connection.send(String(repeating: "x", count: count))
        }
        #expect(server.lane.transport.uploads[0].ends.isEmpty)
        server.pass(.seconds(29))
        try connection.send("x")
        server.pass(.seconds(2))
        #expect(server.lane.transport.uploads[0].ends.first??.code == .requestTimeout)
    }

    @Test func `more than may be passed on is refused, known beforehand or not`() throws {
        let server = try Server { $0.limits.streamBodyBytes = 2_000 }
        let connection = try server.connect()
        try connection.send(Self.head(server, "content-length: 2001"))
        #expect(try connection.received().contains("stream_body_bytes") && connection.isHalfClosed)
        let other = try server.connect()
        server.lane.transport.turns = [.answerToAll(.init(json: Self.answer))]
        let form = Self.form(5_000)
        try other.send(Self.head(server, "transfer-encoding: chunked") + "400\r\n" + form.cut(0, 1_024) + "\r\n")
        try other.send("400\r\n" + form.cut(1_024, 1_024) + "\r\n")
        #expect(server.lane.transport.uploads[0].ends.first??.code == .bodyTooLarge)
        #expect(try other.received().contains("413 ") && other.isHalfClosed)
    }

    @Test func `what other requests may have does not matter to a form`() throws {
        let server = try Server { $0.limits.bodyBytes = 1_000 }
        let connection = try server.connect()
        server.lane.transport.turns = [.answerToAll(.init(json: Self.answer))]
        let form = Self.form(5_000)
        try connection.send(Self.head(server, "content-length: \(form.utf8.count)") + form)
        #expect(try connection.statuses() == [200])
    }

    @Test func `a stranger is refused before the body, and so is whoever asks first`() throws {
        let server = try Server()
        let stranger = try server.connect()
        try stranger.send(Self.head(server, "content-length: 9").replacing(server.lane.keyText, with: "none"))
        #expect(try stranger.statuses() == [401])
        let polite = try server.connect()
        server.lane.transport.turns = [.answerToAll(.init(json: Self.answer))]
        let form = Self.form(10)
        try polite.send(Self.head(server, "expect: 100-continue\r\ncontent-length: \(form.utf8.count)"))
        #expect(try polite.received() == "HTTP/1.1 100 Continue\r\n\r\n")
        try polite.send(form)
        #expect(try polite.statuses() == [200])
    }

    @Test func `a client that leaves ends the request at its provider`() throws {
        let server = try Server()
        let connection = try server.connect()
        server.lane.transport.turns = [.silence]
        try connection.send(Self.head(server, "content-length: 9000") + Self.form(5_000).cut(0, 1_000))
        connection.leave()
        #expect(server.lane.transport.uploads[0].ends.first??.code == .clientClosed && !server.front.isBusy)
    }

    @Test func `an answer before the end of the body is heard, and then the connection closes`() throws {
        let server = try Server()
        let connection = try server.connect()
        server.lane.transport.turns = [.answer(.init(status: 400, json: #"{"error":{"message":"bad"}}"#))]
        try connection.send(Self.head(server, "content-length: 9000") + Self.form(5_000).cut(0, 1_000))
        #expect(try connection.statuses() == [400] && connection.isHalfClosed)
        try connection.send("more")
        #expect(try connection.received().isEmpty)
    }

    @Test func `bytes that are no chunk end the body`() throws {
        let server = try Server()
        let connection = try server.connect()
        server.lane.transport.turns = [.answerToAll(.init(json: Self.answer))]
        try connection.send(
            Self.head(server, "transfer-encoding: chunked") + "400\r\n" + Self.form(5_000).cut(0, 1_024) + "\r\n"
        )
        try connection.send("no chunk\r\n")
        #expect(server.lane.transport.uploads[0].ends.first??.code == .malformedRequest)
        #expect(try connection.statuses() == [400] && connection.isHalfClosed)
    }
}

extension String {
    /// So many bytes behind so many; a line's end is two, which are one character.
    func cut(_ start: Int, _ count: Int = .max) -> String {
        String(decoding: Array(utf8).dropFirst(start).prefix(count), as: UTF8.self)
    }
}
