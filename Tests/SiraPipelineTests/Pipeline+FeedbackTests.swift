import NIOCore
import SiraCore
import SiraExperiments
import SiraJSON
import SiraLaneTesting
import SiraLedger
import SiraStorage
import SiraTenancy
import SiraTesting
import SiraWire
import Testing

@testable import SiraPipeline

@Suite struct PipelineFeedbackTests {
    private struct Document: DecisionDocument {
        let text: String
        func json() -> [UInt8] { Array(text.utf8) }
    }

    private static let spec = ExperimentSpec(
        name: "try",
        models: ["small"],
        kind: .split,
        arms: [.init(model: "alpha/small"), .init(model: "beta/small")]
    )

    /// A lane on which one request has been answered, and its id.
    private func asked(_ keys: [APIKey] = []) async throws -> (Bench, String) {
        let bench = try Bench(keys: keys)
        bench.script(.answer(.init(json: Sample.completion)))
        let id = try #require(bench.ask(Sample.chat).headers["x-sira-request-id"])
        _ = try await bench.lane.records()
        return (bench, id)
    }

    private func say(_ body: String, on bench: Bench, key: String? = nil) -> Client {
        let bytes = ByteBuffer(string: body)
        return bench.read(key: key ?? bench.lane.keyText) { await $0.takeFeedback(bytes, $1, to: $2) }
    }

    private func kept(_ id: String, on bench: Bench) async throws -> [Feedback] {
        try await bench.lane.feedback.feedback(on: try #require(RequestID(id)))
    }

    @Test(arguments: [
        ("0.9", 0.9), ("0", 0), ("1", 1), ("true", 1), ("false", 0), (#""up""#, 1), (#""down""#, 0),
        (#"5,"scale":5"#, 1), (#"1,"scale":5"#, 0), (#"4,"scale":5"#, 0.75), (#"2,"scale":3,"comment":null"#, 0.5),
    ])
    func `every form of score is understood`(text: String, score: Double) async throws {
        let (bench, id) = try await asked()
        let client = say(#"{"request_id":"\#(id)","score":\#(text)}"#, on: bench)
        #expect(client.status == 200 && client.json["object"] as? String == "feedback")
        #expect(client.json["request_id"] as? String == id && client.json["score"] as? Double == score)
        #expect(try await kept(id, on: bench).map(\.score) == [score])
    }

    @Test(arguments: [
        (#""score":1.5"#, "score"), (#""score":-0.1"#, "score"), (#""score":"good""#, "score"),
        (#""score":null"#, "score"),
        (#""comment":"x""#, "score"), (#""score":3,"scale":1"#, "scale"), (#""score":6,"scale":5"#, "score"),
        (#""score":true,"scale":5"#, "score"), (#""score":1,"scale":"5""#, "scale"), (#""score":1,"tags":"a""#, "tags"),
        (#""score":1,"tags":["a",1]"#, "tags"), (#""score":1,"tags":[""]"#, "tags"),
        (#""score":1,"comment":7"#, "comment"),
        (#""score":1,"rating":5"#, "rating"), (#""score":1e999"#, "score"),
    ])
    func `what cannot be understood is refused by its name`(rest: String, field: String) async throws {
        let (bench, id) = try await asked()
        let client = say(#"{"request_id":"\#(id)",\#(rest)}"#, on: bench)
        #expect(client.status == 400)
        if rest.contains("1e999") { return }
        #expect(client.code == "invalid_field" && client.error["param"] as? String == field)
        #expect(try await kept(id, on: bench).isEmpty)
    }

    @Test func `comments and tags have bounds`() async throws {
        let (bench, id) = try await asked()
        let comment = String(repeating: "ü", count: 2_000)
        let tags = Array(repeating: "\"a\"", count: 20).joined(separator: ",")
        let body = #"{"request_id":"\#(id)","score":1,"comment":"\#(comment)","tags":[\#(tags)]}"#
        #expect(say(body, on: bench).status == 200)
        #expect(try await kept(id, on: bench).first?.comment == comment)
        #expect(
            say(body.replacing("üü", with: "üüü", maxReplacements: 1), on: bench).error["param"] as? String == "comment"
        )
        #expect(
            say(body.replacing("[", with: "[\"b\",", maxReplacements: 1), on: bench).error["param"] as? String == "tags"
        )
        let huge = String(repeating: " ", count: 64_000)
        #expect(say(huge + body, on: bench).code == "body_too_large")
        #expect(say("[1]", on: bench).status == 400 && say("{", on: bench).code == "invalid_json")
        #expect(say(#"{"score":1}"#, on: bench).error["param"] as? String == "request_id")
    }

    @Test func `feedback is taken from the key that asked, and from no other`() async throws {
        var random = SeededRandom(seed: 1)
        let stranger = APIKey.issue(name: "s", at: VirtualClock().now, using: &random)
        let (bench, id) = try await asked([stranger.key])
        let body = #"{"request_id":"\#(id)","score":1}"#
        #expect(say(body, on: bench, key: stranger.text.reveal()).code == "request_not_found")
        #expect(say(#"{"request_id":"req_none","score":1}"#, on: bench).code == "request_not_found")
        #expect(say(body, on: bench, key: "sk-wrong").status == 401)
        #expect(try await kept(id, on: bench).isEmpty)
    }

    @Test(arguments: [
        #""try/1""#, #""try/beta/small""#, #"{"name":"try","arm":1}"#, #"{"name":"try","arm":"beta/small"}"#,
    ])
    func `feedback counts for the arm that answered, and a changed mind counts once`(experiment: String) async throws {
        let (bench, id) = try await asked()
        bench.lane.experiments.adopt([Self.spec], at: bench.lane.clock.now)
        let document = Document(text: #"{"requested":"small","candidates":[],"experiment":\#(experiment)}"#)
        let request = try #require(RequestID(id))
        bench.lane.decisions.keep(document, of: request, key: bench.lane.key.key.id, at: bench.lane.clock.now)
        for score in ["true", "0.25"] {
            bench.lane.clock.advance(by: .seconds(1))
            #expect(say(#"{"request_id":"\#(id)","score":\#(score)}"#, on: bench).status == 200)
        }
        let arms = bench.lane.experiments.report(at: bench.lane.clock.now)[0].arms.map(\.statistics.feedback)
        #expect(arms.map(\.count) == [0, 1] && arms[1].mean == 0.25)
        let kept = try await kept(id, on: bench)
        #expect(kept.map(\.experiment) == ["try"] && kept.map(\.arm) == [1])
    }

    @Test(arguments: [#""""#, #""try""#, #""try/none""#, "7", #"{"name":"try"}"#, "null"])
    func `a decision that names no arm is no participation`(experiment: String) async throws {
        let (bench, id) = try await asked()
        bench.lane.experiments.adopt([Self.spec], at: bench.lane.clock.now)
        let document = Document(text: #"{"requested":"small","candidates":[],"experiment":\#(experiment)}"#)
        let request = try #require(RequestID(id))
        bench.lane.decisions.keep(document, of: request, key: bench.lane.key.key.id, at: bench.lane.clock.now)
        #expect(say(#"{"request_id":"\#(id)","score":1}"#, on: bench).status == 200)
        #expect(try await kept(id, on: bench).map(\.experiment) == [nil])
    }

    @Test func `a request is told with its decision and feedback, or null where there is none`() async throws {
        let (bench, id) = try await asked()
        let read = { bench.read(key: bench.lane.keyText) { await $0.describeRequest(id, $1, to: $2) } }
        #expect(read().json.keys.contains("decision") && read().json["decision"] as? [String: Any] == nil)
        #expect(read().json["feedback"] as? [String: Any] == nil)
        let document = Document(text: #"{"requested":"small","route":"r"}"#)
        let request = try #require(RequestID(id))
        bench.lane.decisions.keep(document, of: request, key: bench.lane.key.key.id, at: bench.lane.clock.now)
        _ = say(#"{"request_id":"\#(id)","score":1,"comment":"gut"}"#, on: bench)
        #expect((read().json["decision"] as? [String: Any])?["route"] as? String == "r")
        #expect((read().json["feedback"] as? [String: Any])?["comment"] as? String == "gut")
    }
}
