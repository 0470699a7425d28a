import NIOCore
import SiraCore
import SiraLaneTesting
import SiraPipeline
import SiraStorage
import SiraTenancy
import SiraTesting
import SiraWire
import Testing

@Suite struct FormTests {
    /// A form of these fields; one whose name is `file` is a file.
    static func form(_ fields: [(String, String)]) -> String {
        fields.map { name, value in
            "--B\r\nContent-Disposition: form-data; name=\"\(name)\"\(name == "file" ? "; filename=\"a.wav\"" : "")\r\n\r\n\(value)\r\n"
        }.joined() + "--B--\r\n"
    }

    static let type = [HeaderFields.Field("content-type", "multipart/form-data; boundary=B")]

    /// A form that has come in one piece.
    private static func whole(_ text: String) -> ArrivingBody {
        let source = ArrivingBody(length: text.utf8.count)
        source.receive(ByteBuffer(string: text))
        source.finish(nil)
        return source
    }

    private static let transcript =
        #"{"text":"Hi","usage":{"type":"tokens","input_tokens":37,"input_token_details":{"audio_tokens":37},"output_tokens":145,"total_tokens":182}}"#

    @Test func `a form goes on as it is, but for the provider's name of its model`() async throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: Self.transcript)))
        let form = Self.form([("model", "alpha/whisper"), ("file", "\r\n--A\u{0}"), ("language", "en")])
        let client = bench.ask("", .transcription, headers: Self.type, source: Self.whole(form))
        #expect(client.status == 200 && client.body == Self.transcript)
        let request = bench.lane.transport.requests[0]
        #expect(request.path == "/v1/audio/transcriptions" && request.rest == nil)
        #expect(request.headers["content-type"] == "multipart/form-data; boundary=B")
        #expect(String(buffer: request.body) == form.replacing("alpha/whisper", with: "whisper"))
        let record = try await bench.record()
        #expect(record.operation == "transcription" && record.usage.inputAudio == 37 && record.usage.output == 145)
        #expect(record.requestedModel == "alpha/whisper" && record.model == "whisper" && record.usageBasis == .provider)
    }

    @Test func `what comes behind the model flows by, as fast as the provider takes it`() throws {
        let bench = try Bench()
        let form = Self.form([("model", "alpha/whisper"), ("file", String(repeating: "x", count: 5_000))])
        let source = ArrivingBody(length: form.utf8.count)
        let answer = ScriptedAnswer([("content-type", "application/json")])
        bench.script(.answer(answer))
        let client = bench.ask("", .transcription, headers: Self.type, source: source)
        source.receive(ByteBuffer(string: form.cut(0, 60)))
        bench.settle()
        #expect(bench.lane.transport.requests.isEmpty, "the model is not known yet")
        source.receive(ByteBuffer(string: form.cut(60, 60)))
        bench.settle()
        let request = bench.lane.transport.requests[0]
        let saved = "alpha/".utf8.count
        #expect(request.bodyLength == form.utf8.count - saved && request.body.readableBytes == 120 - saved)
        source.receive(ByteBuffer(string: form.cut(120)))
        source.finish(nil)
        bench.settle()
        let upload = bench.lane.transport.uploads[0]
        #expect(String(buffer: request.body) + upload.text == form.replacing("alpha/whisper", with: "whisper"))
        #expect(upload.isComplete)
        answer.send(Self.transcript)
        answer.end()
        bench.settle()
        #expect(client.status == 200)
    }

    @Test(arguments: 1...7)
    func `a form is the same wherever it is cut`(size: Int) throws {
        let bench = try Bench()
        bench.script(.answerToAll(.init(json: Self.transcript)))
        let form = Self.form([
            ("language", "en"), ("model", "alpha/whisper"), ("file", "abcdefgh\r\n--"), ("temperature", "0"),
        ])
        let source = ArrivingBody(length: nil)
        let client = bench.ask("", .transcription, headers: Self.type, source: source)
        var rest = Substring(form)
        while !rest.isEmpty {
            source.receive(ByteBuffer(string: String(rest).cut(0, size)))
            rest = Substring(String(rest).cut(size))
            bench.settle()
        }
        source.finish(nil)
        bench.settle()
        let request = bench.lane.transport.requests[0]
        let sent = String(buffer: request.body) + bench.lane.transport.uploads[0].text
        #expect(client.status == 200 && sent == form.replacing("alpha/whisper", with: "whisper"))
        #expect(request.bodyLength == nil)
    }

    @Test func `a second model ends the request before the provider has it`() throws {
        let bench = try Bench()
        bench.script(.answerToAll(.init(json: Self.transcript)))
        let form = Self.form([("model", "alpha/whisper"), ("file", "abc"), ("model", "other")])
        let source = ArrivingBody(length: form.utf8.count)
        let client = bench.ask("", .transcription, headers: Self.type, source: source)
        source.receive(ByteBuffer(string: form.cut(0, 150)))
        bench.settle()
        #expect(bench.lane.transport.requests.count == 1)
        source.receive(ByteBuffer(string: form.cut(150)))
        bench.settle()
        let upload = bench.lane.transport.uploads[0]
        #expect(upload.ends.count == 1 && upload.ends[0]?.code == .invalidField && !upload.text.contains("other"))
        #expect(client.status == 400 && client.error["param"] as? String == "model")
    }

    @Test func `two models in what has come together are refused at once`() throws {
        let bench = try Bench()
        let form = Self.form([("model", "alpha/whisper"), ("model", "alpha/other")])
        let client = bench.ask("", .transcription, headers: Self.type, source: Self.whole(form))
        #expect(
            client.status == 400 && client.error["param"] as? String == "model" && bench.lane.transport.requests.isEmpty
        )
    }

    @Test(arguments: [
        (FormTests.form([("file", "abc")]), "Name the model"), (FormTests.form([("model", "")]), "not empty"),
        ("--B\r\nContent-Disposition: form-data; name=a\r\n\r\nabc", "before its last boundary"),
        ("--B\r\nContent-Type: text/plain\r\n\r\nabc\r\n--B--", "one name"),
    ])
    func `a form without a model is refused with what to do`(form: String, words: String) throws {
        let bench = try Bench()
        let client = bench.ask("", .transcription, headers: Self.type, source: Self.whole(form))
        #expect(client.status == 400 && client.body.contains(words))
    }

    @Test func `what may come before the model has a bound`() throws {
        var policy = GatewayPolicy()
        policy.heldFormBytes = 1_000
        let bench = try Bench(policy: policy)
        let source = ArrivingBody(length: nil)
        let client = bench.ask("", .transcription, headers: Self.type, source: source)
        source.receive(
            ByteBuffer(string: Self.form([("file", String(repeating: "x", count: 2_000)), ("model", "alpha/m")]))
        )
        bench.settle()
        #expect(client.status == 413 && client.body.contains("before its files"))
        let full = ArrivingBody(length: nil)
        full.takeRoom = { _ in false }
        let other = bench.ask("", .transcription, headers: Self.type, source: full)
        full.receive(ByteBuffer(string: "--B"))
        bench.settle()
        #expect(other.status == 503)
    }

    @Test func `a model in the path goes before the form's, and is put into a form that has none`() throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: Self.transcript)), .answer(.init(json: Self.transcript)))
        let path = PathFacts(model: "alpha/whisper")
        let named = Self.form([("model", "other"), ("file", "abc")])
        bench.ask("", .transcription, headers: Self.type, path: path, source: Self.whole(named))
        let unnamed = Self.form([("file", "abc")])
        bench.ask("", .transcription, headers: Self.type, path: path, source: Self.whole(unnamed))
        let bodies = bench.lane.transport.requests.map { String(buffer: $0.body) }
        #expect(bodies[0] == named.replacing("other", with: "whisper"))
        #expect(bodies[1] == "--B\r\ncontent-disposition: form-data; name=\"model\"\r\n\r\nwhisper\r\n" + unnamed)
    }

    @Test func `a form that is there whole may go to another provider, one that has flowed by may not`() throws {
        let bench = try Bench()
        let failure = GatewayError(.upstreamFailed, "down")
        let form = Self.form([("model", "small"), ("file", "abc")])
        bench.script(.failure(failure), .answer(.init(json: Self.transcript)))
        #expect(bench.ask("", .transcription, headers: Self.type, source: Self.whole(form)).status == 200)
        #expect(bench.lane.transport.requests.map(\.provider) == ["alpha", "beta"])
        let source = ArrivingBody(length: nil)
        bench.script(.failure(failure))
        let client = bench.ask("", .transcription, headers: Self.type, source: source)
        source.receive(ByteBuffer(string: form))
        bench.settle()
        #expect(client.status == 502 && bench.lane.transport.requests.count == 3)
        // Nothing of it has been taken where there was no connection.
        var unsent = failure
        unsent.mayHaveBeenSent = false
        let next = ArrivingBody(length: nil)
        bench.script(.failure(unsent), .answerToAll(.init(json: Self.transcript)))
        let other = bench.ask("", .transcription, headers: Self.type, source: next)
        next.receive(ByteBuffer(string: form))
        bench.settle()
        next.finish(nil)
        bench.settle()
        #expect(other.status == 200 && bench.lane.transport.requests.count == 5)
    }

    @Test func `a client that leaves while its form is read gets no provider asked`() throws {
        let bench = try Bench()
        let source = ArrivingBody(length: nil)
        bench.ask("", .transcription, headers: Self.type, source: source)
        source.receive(ByteBuffer(string: "--B"))
        source.finish(GatewayError(.clientClosed, "gone"))
        bench.settle()
        #expect(bench.lane.transport.requests.isEmpty && bench.lane.context.runningRequests == 0)
    }
}

extension String {
    /// So many bytes behind so many; a line's end is two, which are one character.
    fileprivate func cut(_ start: Int, _ count: Int = .max) -> String {
        String(decoding: Array(utf8).dropFirst(start).prefix(count), as: UTF8.self)
    }
}
