import NIOCore
import SiraCore
import SiraLaneTesting
import SiraPipeline
import SiraStorage
import SiraTenancy
import SiraTesting
import SiraWire
import Testing

@Suite struct ThingTests {
    private static let file =
        #"{"object":"file","id":"file-1","purpose":"batch","created_at":1,"expires_at":1789742613}"#
    private static let batch =
        #"{"id":"batch_1","object":"batch","input_file_id":"file-1","output_file_id":"file-out","error_file_id":null}"#

    /// A bench with a second key, and a file of the first.
    private static func benchWithFile() throws -> (Bench, stranger: String) {
        var random = SeededRandom(seed: 5)
        let stranger = APIKey.issue(name: "other", at: Timestamp(microseconds: 0), using: &random)
        let bench = try Bench(keys: [stranger.key])
        bench.script(.answer(.init(json: file)))
        let form = FormTests.form([("purpose", "batch"), ("file", "{}")])
        let source = ArrivingBody(length: form.utf8.count)
        source.receive(ByteBuffer(string: form))
        source.finish(nil)
        let client = bench.ask(
            "",
            .file,
            headers: FormTests.type,
            matter: .thing(KeptThing(.file, .create)),
            source: source
        )
        #expect(client.status == 200 && client.body == file)
        #expect(bench.lane.transport.uploads[0].text == form && bench.lane.transport.requests[0].path == "/v1/files")
        return (bench, stranger.text.reveal())
    }

    private func ask(_ bench: Bench, _ thing: KeptThing, key: String? = nil, query: String = "") -> Client {
        let method = if case .delete = thing.action { "DELETE" } else { "GET" }
        return bench.ask(
            "",
            thing.operation,
            key: .some(key ?? bench.lane.keyText),
            matter: .thing(thing),
            method: method,
            query: query
        )
    }

    @Test func `a file is seen by the key that made it alone`() async throws {
        let (bench, stranger) = try Self.benchWithFile()
        for action in [KeptThing.Action.read("file-1"), .content("file-1"), .delete("file-1")] {
            let client = ask(bench, KeptThing(.file, action), key: stranger)
            #expect(client.status == 404 && client.code == "object_not_found")
        }
        #expect(bench.lane.transport.requests.count == 1)
        bench.script(.answer(.init(json: Self.file)))
        #expect(ask(bench, KeptThing(.file, .read("file-1"))).body == Self.file)
        let content = ScriptedAnswer([("content-type", "application/octet-stream")])
        content.send("{}\n")
        content.end()
        bench.script(.answer(content))
        let client = ask(bench, KeptThing(.file, .content("file-1")))
        #expect(client.body == "{}\n" && client.headers["content-type"] == "application/octet-stream")
        let paths = bench.lane.transport.requests.map { "\($0.method) \($0.path)" }
        #expect(paths == ["POST /v1/files", "GET /v1/files/file-1", "GET /v1/files/file-1/content"])
        for record in try await bench.lane.records() where record.outcome == .ok { #expect(record.cost == .zero) }
    }

    @Test func `a deleted file is gone`() throws {
        let (bench, _) = try Self.benchWithFile()
        bench.script(.answer(.init(json: #"{"id":"file-1","deleted":true}"#)))
        #expect(ask(bench, KeptThing(.file, .delete("file-1"))).status == 200)
        #expect(ask(bench, KeptThing(.file, .read("file-1"))).status == 404)
    }

    @Test func `a batch is made where its file is, of a file of the same key`() async throws {
        let (bench, stranger) = try Self.benchWithFile()
        let thing = Matter.thing(KeptThing(.batch, .create))
        let body = #"{"input_file_id":"file-1","endpoint":"/v1/chat/completions","completion_window":"24h"}"#
        #expect(bench.ask(body, .batch, key: stranger, matter: thing).status == 404)
        bench.script(.answer(.init(json: Self.batch)))
        let client = bench.ask(body, .batch, matter: thing)
        #expect(client.status == 200 && bench.lane.transport.requests.last?.path == "/v1/batches")
        #expect(String(buffer: bench.lane.transport.requests[1].body) == body)
        // Its results are files of the same key.
        bench.script(.answer(.init(json: "[]")))
        #expect(ask(bench, KeptThing(.file, .content("file-out"))).status == 200)
        #expect(ask(bench, KeptThing(.file, .content("file-out")), key: stranger).status == 404)
        #expect(bench.ask("{}", .batch, matter: thing).status == 400)
        let made = try #require(try await bench.lane.records().first { $0.operation == "batch" && $0.outcome == .ok })
        #expect(made.cost == nil, "what a batch costs nobody says when it is made")
    }

    @Test func `a list has the key's own things alone`() throws {
        let (bench, stranger) = try Self.benchWithFile()
        let list = #"{"object":"list","data":[{"id":"file-9","object":"file"},\#(Self.file)],"has_more":false}"#
        bench.script(.answer(.init(json: list)), .answer(.init(json: list)))
        let mine = ask(bench, KeptThing(.file, .list), query: "limit=1&purpose=batch&key=sk-sira")
        #expect(bench.lane.transport.requests.last?.path == "/v1/files?purpose=batch&limit=10000")
        #expect(
            mine.body
                == #"{"object":"list","data":[\#(Self.file)],"first_id":"file-1","last_id":"file-1","has_more":false}"#
        )
        let theirs = ask(bench, KeptThing(.file, .list), key: stranger)
        #expect(theirs.body == #"{"object":"list","data":[],"first_id":null,"last_id":null,"has_more":false}"#)
    }

    // MARK: lists of several pages

    private static func batches(_ ids: [String], at time: Int64 = 9_999_999_999, more: Bool = true) -> String {
        let all = ids.map { #"{"id":"\#($0)","object":"batch","created_at":\#(time)}"# }.joined(separator: ",")
        return #"{"object":"list","data":[\#(all)],"first_id":"x","last_id":"y","has_more":\#(more)}"#
    }

    /// A bench where the key has batches of these ids.
    private static func bench(_ ids: [String]) throws -> Bench {
        let bench = try Bench()
        let (key, now) = (bench.lane.key.key.id, bench.lane.clock.now)
        for id in ids {
            let object = OwnedObject(id: id, kind: .batch, access: "alpha", key: key, createdAt: now)
            bench.lane.loop.start { try? await bench.lane.objects.put(object) }
        }
        return bench
    }

    private func list(_ bench: Bench, _ query: String = "") -> (ids: [String], last: String?, hasMore: Bool?) {
        let json = ask(bench, KeptThing(.batch, .list), query: query).json
        let data = json["data"] as? [[String: Any]] ?? []
        return (data.compactMap { $0["id"] as? String }, json["last_id"] as? String, json["has_more"] as? Bool)
    }

    @Test func `others' things do not hide the key's own on later pages`() throws {
        let bench = try Self.bench(["mine-1", "mine-2", "mine-3"])
        bench.script(
            .answer(.init(json: Self.batches(["a", "b"]))),
            .answer(.init(json: Self.batches(["c", "mine-1"]))),
            .answer(.init(json: Self.batches(["mine-2", "d"]))),
            .answer(.init(json: Self.batches(["mine-3"])))
        )
        let found = list(bench, "limit=2&after=z")
        #expect(found.ids == ["mine-1", "mine-2"] && found.last == "mine-2" && found.hasMore == true)
        let paths = bench.lane.transport.requests.map { String($0.path.dropFirst("/v1/batches?".count)) }
        #expect(paths == ["after=z&limit=100", "limit=100&after=b", "limit=100&after=mine-1", "limit=100&after=d"])
    }

    @Test func `no more is asked for once all of the key's own are found, or what follows is older`() throws {
        let bench = try Self.bench(["mine-1"])
        bench.script(.answer(.init(json: Self.batches(["a", "mine-1"]))))
        var found = list(bench)
        #expect(found.ids == ["mine-1"] && found.hasMore == false && bench.lane.transport.requests.count == 1)
        bench.script(.answer(.init(json: Self.batches(["a", "b"], at: 5))))
        found = list(bench, "after=mine-1")
        #expect(found.ids.isEmpty && found.hasMore == false && bench.lane.transport.requests.count == 2)
    }

    @Test func `the pages that are gone through have a bound, and the list says where it goes on`() throws {
        let bench = try Self.bench(["mine-1"])
        for page in 1...11 { bench.script(.answer(.init(json: Self.batches(["a\(page)", "b\(page)"])))) }
        let found = list(bench)
        #expect(found.ids.isEmpty && found.last == "b10" && found.hasMore == true)
        #expect(bench.lane.transport.requests.count == 10)
    }

    @Test func `what goes wrong on a later page is told`() throws {
        let bench = try Self.bench(["mine-1", "mine-2"])
        bench.script(
            .answer(.init(json: Self.batches(["mine-1"]))),
            .answer(.init(status: 429, json: #"{"error":{"message":"slow down"}}"#)),
            .answer(.init(json: Self.batches(["mine-1"]))),
            .answer(.init(json: "[]"))
        )
        #expect(ask(bench, KeptThing(.batch, .list)).status == 429)
        #expect(ask(bench, KeptThing(.batch, .list)).status == 502)
    }

    @Test func `what a provider deletes without a word is deleted`() throws {
        let (bench, _) = try Self.benchWithFile()
        let brief = ScriptedAnswer(status: 204)
        brief.end()
        bench.script(.answer(brief))
        let client = ask(bench, KeptThing(.file, .delete("file-1")))
        #expect(client.status == 204 && client.body.isEmpty)
        #expect(ask(bench, KeptThing(.file, .read("file-1"))).status == 404)
    }

    @Test func `what a provider tells of a file may not be nothing`() throws {
        let (bench, _) = try Self.benchWithFile()
        let brief = ScriptedAnswer(status: 204)
        brief.end()
        bench.script(.answer(brief))
        #expect(ask(bench, KeptThing(.file, .read("file-1"))).status == 502)
    }

    @Test func `a key for some models may not make batches, whose requests could be for any`() throws {
        var random = SeededRandom(seed: 6)
        let issued = APIKey.issue(name: "some", at: Timestamp(microseconds: 0), using: &random)
        var key = issued.key
        key.allowedModels = [try #require(ModelPattern("small"))]
        let bench = try Bench(keys: [key])
        let client = bench.ask(
            #"{"input_file_id":"f"}"#,
            .batch,
            key: issued.text.reveal(),
            matter: .thing(KeptThing(.batch, .create))
        )
        #expect(client.status == 403 && client.body.contains("batch"))
    }

    @Test func `a client may name the provider that is to keep its file`() throws {
        let bench = try Bench()
        let client = bench.ask(
            "",
            .file,
            headers: [("x-sira-provider", "nobody")],
            matter: .thing(KeptThing(.file, .list)),
            method: "GET"
        )
        #expect(client.status == 404 && client.code == "provider_not_configured")
    }

    // MARK: which provider

    private static let claude: [HeaderFields.Field] = [("anthropic-version", "2023-06-01")]
    private static let upload =
        #"{"id":"file_1","type":"file","filename":"a.png","mime_type":"image/png","size_bytes":2,"created_at":"2026-01-01"}"#

    private func upload(_ bench: Bench, _ fields: [HeaderFields.Field]) -> Client {
        let form = FormTests.form([("file", "{}")])
        let source = ArrivingBody(length: form.utf8.count)
        source.receive(ByteBuffer(string: form))
        source.finish(nil)
        return bench.ask(
            "",
            .file,
            headers: FormTests.type + fields,
            matter: .thing(KeptThing(.file, .create)),
            source: source
        )
    }

    @Test func `Anthropic's clients keep files at Anthropic's followers, by their path and part of the API`() throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: Self.upload)), .answer(.init(json: Self.upload)))
        let client = upload(bench, Self.claude)
        #expect(client.status == 200 && client.body == Self.upload)
        let sent = bench.lane.transport.requests[0]
        #expect(sent.endpoint.host == "gamma.test" && sent.path == "/v1/files")
        #expect(sent.headers["anthropic-beta"] == "files-api-2025-04-14")
        #expect(sent.headers["anthropic-version"] == "2023-06-01")
        #expect(ask(bench, KeptThing(.file, .read("file_1"))).body == Self.upload)
        #expect(bench.lane.transport.requests[1].path == "/v1/files/file_1")
    }

    @Test func `a part of the API that the client names is not named again`() throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: Self.upload)))
        _ = upload(bench, Self.claude + [("anthropic-beta", "files-api-2027-01-01")])
        let named = bench.lane.transport.requests[0].headers.filter { $0.name == "anthropic-beta" }
        #expect(named.map(\.value) == ["files-api-2027-01-01"])
    }

    @Test func `Anthropic's lists go on by its own word, and keep their shape`() throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: Self.upload)))
        _ = upload(bench, Self.claude)
        bench.script(
            .answer(.init(json: #"{"data":[{"id":"file_0"}],"has_more":true,"first_id":"file_0","last_id":"file_0"}"#)),
            .answer(.init(json: #"{"data":[\#(Self.upload)],"has_more":false,"first_id":"x","last_id":"x"}"#))
        )
        let matter = Matter.thing(KeptThing(.file, .list))
        let list = bench.ask("", .file, headers: Self.claude, matter: matter, method: "GET", query: "beta=true")
        #expect(
            list.body == #"{"data":[\#(Self.upload)],"first_id":"file_1","last_id":"file_1","has_more":false}"#
        )
        let paths = bench.lane.transport.requests.dropFirst().map(\.path)
        #expect(paths == ["/v1/files?beta=true&limit=1000", "/v1/files?beta=true&limit=1000&after_id=file_0"])
    }

    @Test(arguments: ["iota", "kappa", "lambda"])
    func `a provider without files is not asked for them, and those that have some are named`(name: String) throws {
        let bench = try Bench()
        let client = upload(bench, [("x-sira-provider", name)])
        #expect(client.status == 400 && client.code == "unsupported_feature")
        #expect(client.body.contains("alpha") && bench.lane.transport.requests.isEmpty)
        let batches = bench.ask(
            "",
            .batch,
            headers: [("x-sira-provider", name)],
            matter: .thing(KeptThing(.batch, .list)),
            method: "GET"
        )
        #expect(batches.status == 400)
    }

    @Test func `Anthropic's batches are elsewhere, and that is said in its clients' protocol`() throws {
        let bench = try Bench()
        let matter = Matter.thing(KeptThing(.batch, .list))
        let client = bench.ask("", .batch, headers: Self.claude, matter: matter, method: "GET")
        #expect(client.status == 400 && client.json["type"] as? String == "error")
        #expect(client.body.contains("/providers/anthropic/v1/messages/batches"))
        bench.script(.answer(.init(json: Self.upload)))
        _ = upload(bench, Self.claude)
        let made = bench.ask(#"{"input_file_id":"file_1"}"#, .batch, matter: .thing(KeptThing(.batch, .create)))
        #expect(made.status == 400 && bench.lane.transport.requests.count == 1)
    }

    @Test func `what is no list is told with its provider and what came instead, and costs nothing`() async throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: "<html>")), .answer(.init(json: #"{"a":1}"#)))
        let first = ask(bench, KeptThing(.file, .list))
        #expect(first.status == 502 && first.body.contains("alpha") && first.body.contains("application/json"))
        #expect(first.body.contains("no JSON"))
        #expect(ask(bench, KeptThing(.file, .list)).body.contains("JSON of another form"))
        for record in try await bench.lane.records() { #expect(record.cost == .zero && record.usageBasis != .none) }
    }
}
