import NIOCore
import SiraCore
import SiraLaneTesting
import SiraPipeline
import SiraStorage
import SiraTenancy
import SiraTesting
import SiraWire
import Testing

@Suite struct PipelineIdentifyTests {
    private static func object(_ id: String, at access: String, of bench: Bench) -> OwnedObject {
        OwnedObject(id: id, kind: .file, access: access, key: bench.lane.key.key.id, createdAt: bench.lane.clock.now)
    }

    private static func bench(
        _ files: [(id: String, access: String)],
        _ policy: GatewayPolicy = GatewayPolicy()
    ) throws -> (Bench, stranger: String) {
        var random = SeededRandom(seed: 5)
        let stranger = APIKey.issue(name: "other", at: Timestamp(microseconds: 0), using: &random)
        let bench = try Bench(policy: policy, keys: [stranger.key])
        for file in files {
            let object = object(file.id, at: file.access, of: bench)
            bench.lane.loop.start { try? await bench.lane.objects.put(object) }
        }
        return (bench, stranger.text.reveal())
    }

    private static func chat(_ model: String, _ id: String) -> String {
        #"{"model":"\#(model)","messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"\#(id)"}}]}]}"#
    }

    private static func response(_ model: String, _ id: String) -> String {
        #"{"model":"\#(model)","input":[{"role":"user","content":[{"type":"input_file","file_id":"\#(id)"}]}]}"#
    }

    private static func message(_ id: String) -> String {
        #"{"model":"sonnet","max_tokens":9,"messages":[{"role":"user","content":[{"type":"document","source":"#
            + #"{"type":"file","file_id":"\#(id)"}}]}]}"#
    }

    @Test func `a file is taken from the key that made it, and from no other`() throws {
        let (bench, stranger) = try Self.bench([("file-1", "alpha")])
        bench.script(.answer(.init(json: Sample.completion)))
        let body = Self.chat("alpha/small", "file-1")
        #expect(bench.ask(body).status == 200)
        #expect(String(buffer: bench.lane.transport.requests[0].body).contains("file-1"))
        let theirs = bench.ask(body, key: stranger)
        #expect(theirs.status == 404 && theirs.code == "object_not_found")
        #expect(theirs.error["param"] as? String == "messages[0].content[0].file.file_id")
        #expect(bench.lane.transport.requests.count == 1)
    }

    @Test(arguments: [
        (SiraWire.Operation.chat, chat("small", "file-9")), (.response, response("delta/omni", "file-9")),
        (.messages, message("file_9")),
        (
            .messages,
            #"{"model":"sonnet","max_tokens":9,"messages":[{"role":"user","content":[{"type":"document","source":{"\u0066ile_id":"file_9"}}]}]}"#
        ),
    ])
    func `a file that no key has made is not found, whatever the protocol`(
        operation: SiraWire.Operation,
        body: String
    ) throws {
        let (bench, _) = try Self.bench([])
        let client = bench.ask(body, operation)
        #expect(client.status == 404 && bench.lane.transport.requests.isEmpty)
    }

    @Test func `a file of Google's is not found, since no key can make one`() throws {
        let (bench, _) = try Self.bench([])
        let body =
            #"{"contents":[{"parts":[{"fileData":{"fileUri":"https://generativelanguage.googleapis.com/v1beta/files/a"}}]}]}"#
        #expect(bench.ask(body, .generate, path: PathFacts(model: "small")).status == 404)
    }

    @Test func `a request goes where its files are`() throws {
        let (bench, _) = try Self.bench([("file-1", "beta"), ("file-2", "alpha")])
        bench.script(.answer(.init(json: Sample.completion)))
        #expect(bench.ask(Self.chat("small", "file-1")).headers["x-sira-provider"] == "beta")
        let elsewhere = bench.ask(Self.chat("alpha/small", "file-1"))
        #expect(elsewhere.status == 404 && elsewhere.body.contains("is at beta"))
        let both =
            #"{"model":"small","messages":[{"role":"user","content":[{"file":{"file_id":"file-1"}},{"file":{"file_id":"file-2"}}]}]}"#
        #expect(bench.ask(both).status == 404 && bench.lane.transport.requests.count == 1)
    }

    @Test func `a request shows the provider's key with which its file was made`() throws {
        let (bench, _) = try Self.bench([])
        let form = FormTests.form([("purpose", "user_data"), ("file", "{}")])
        for id in ["file-1", "file-2"] {
            bench.script(.answer(.init(json: #"{"id":"\#(id)","object":"file"}"#)))
            let source = ArrivingBody(length: form.utf8.count)
            source.receive(ByteBuffer(string: form))
            source.finish(nil)
            let fields = FormTests.type + [HeaderFields.Field("x-sira-provider", "zeta")]
            let thing = Matter.thing(KeptThing(.file, .create))
            #expect(bench.ask("", .file, headers: fields, matter: thing, source: source).status == 200)
        }
        for _ in 0..<3 {
            bench.script(.answer(.init(json: Sample.completion)))
            #expect(bench.ask(Self.chat("zeta/large", "file-1")).status == 200)
        }
        let shown = bench.lane.transport.requests.map { $0.headers["authorization"] }
        #expect(shown == Array(repeating: "Bearer first-of-zeta", count: 5))
        var gone = Self.object("file-3", at: "zeta", of: bench)
        gone.credential = "0000000000000000"
        let object = gone
        bench.lane.loop.start { try? await bench.lane.objects.put(object) }
        let client = bench.ask(Self.chat("zeta/large", "file-3"))
        #expect(client.status == 404 && client.body.contains("not configured any more"))
    }

    @Test func `a file that its provider has let go is not found`() throws {
        let (bench, _) = try Self.bench([])
        var object = Self.object("file-1", at: "alpha", of: bench)
        object.expiresAt = bench.lane.clock.now.advanced(by: .seconds(5))
        let expiring = object
        bench.lane.loop.start { try? await bench.lane.objects.put(expiring) }
        bench.script(.answer(.init(json: Sample.completion)))
        #expect(bench.ask(Self.chat("alpha/small", "file-1")).status == 200)
        bench.lane.clock.advance(by: .seconds(5))
        #expect(bench.ask(Self.chat("alpha/small", "file-1")).status == 404)
    }

    @Test func `where keys reach all of the account, files are their provider's business`() throws {
        var policy = GatewayPolicy()
        policy.accountPaths = .pass
        let (bench, stranger) = try Self.bench([("file-1", "alpha")], policy)
        bench.script(.answer(.init(json: Sample.completion)))
        #expect(bench.ask(Self.chat("alpha/small", "file-1"), key: stranger).status == 200)
    }

    @Test(arguments: [
        "https://generativelanguage.googleapis.com/v1beta/files/abc",
        "https://GENERATIVELANGUAGE.googleapis.com/v1beta/files/abc",
    ])
    func `a file of Google's store is no picture of anybody's, whatever the protocol`(address: String) throws {
        let (bench, _) = try Self.bench([])
        let body =
            #"{"model":"iota/g","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"\#(address)"}}]}]}"#
        let client = bench.ask(body)
        #expect(client.status == 404 && client.code == "object_not_found")
        #expect(bench.lane.transport.requests.isEmpty)
    }

    @Test func `a body in another encoding than UTF-8 is not passed`() throws {
        let (bench, _) = try Self.bench([])
        let client = try pass(bench, "delta/v1/responses", "{\0\"\0")
        #expect(client.status == 415)
    }

    @Test func `a conversation that a provider keeps is nobody's`() throws {
        let (bench, _) = try Self.bench([])
        for value in [#""conv_1""#, #"{"id":"conv_1"}"#] {
            let client = bench.ask(#"{"model":"delta/omni","input":"Hi","conversation":\#(value)}"#, .response)
            #expect(client.status == 404 && client.error["param"] as? String == "conversation")
        }
        #expect(bench.lane.transport.requests.isEmpty)
    }

    // MARK: paths of providers

    private func pass(
        _ bench: Bench,
        _ path: String,
        _ body: String,
        key: String? = nil,
        headers: [HeaderFields.Field] = []
    ) throws -> Client {
        let passage = try Passage(target: "/providers/\(path)")
        return bench.ask(
            body,
            .passthrough,
            key: .some(key ?? bench.lane.keyText),
            headers: headers,
            matter: .passage(passage)
        )
    }

    @Test func `behind a provider's own path it is the same`() throws {
        let (bench, stranger) = try Self.bench([("file-1", "alpha")])
        let body = Self.chat("small", "file-1")
        bench.script(.answer(.init(json: Sample.completion)))
        #expect(try pass(bench, "alpha/v1/chat/completions", body).status == 200)
        #expect(try pass(bench, "alpha/v1/chat/completions", body, key: stranger).status == 404)
        #expect(try pass(bench, "beta/v1/chat/completions", body).status == 404)
        let other = #"{"model":"omni","input":"Hi","previous_response_id":"resp_1"}"#
        #expect(try pass(bench, "delta/v1/responses", other).code == "previous_response_not_found")
        #expect(bench.lane.transport.requests.count == 1)
    }

    @Test func `an answer can be gone on from behind its provider's own path, by its key`() throws {
        let (bench, stranger) = try Self.bench([])
        let answer =
            #"{"id":"resp_1","object":"response","status":"completed","output":[],"usage":{"input_tokens":1,"output_tokens":1}}"#
        for _ in 0..<3 { bench.script(.answer(.init(json: answer))) }
        #expect(bench.ask(#"{"model":"eta/omni","input":"Hi"}"#, .response).status == 200)
        let body = #"{"model":"omni","input":"Hi","previous_response_id":"resp_1"}"#
        for _ in 0..<2 { #expect(try pass(bench, "eta/v1/responses", body).status == 200) }
        #expect(bench.lane.transport.requests.allSatisfy { $0.headers["authorization"] == "Bearer first-of-eta" })
        #expect(try pass(bench, "eta/v1/responses", body, key: stranger).status == 404)
        #expect(try pass(bench, "epsilon/v1/responses", body).status == 404)
    }

    @Test func `a conversation that cannot be looked into is not passed on`() throws {
        let (bench, _) = try Self.bench([])
        let path = "delta/v1/responses"
        #expect(try pass(bench, path, "\u{1f}", headers: [("content-encoding", "gzip")]).status == 415)
        let twice = #"{"model":"omni","previous_response_id":null,"previous_response_id":"resp_1"}"#
        #expect(try pass(bench, path, twice).status == 400)
        let passage = Matter.passage(try Passage(target: "/providers/\(path)"))
        let source = ArrivingBody(length: 2)
        let client = bench.ask(
            "",
            .passthrough,
            headers: [("content-type", "text/plain")],
            matter: passage,
            source: source
        )
        #expect(client.status == 415 && bench.lane.transport.requests.isEmpty)
    }
}
