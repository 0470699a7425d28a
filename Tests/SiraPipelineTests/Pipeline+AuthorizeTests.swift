import SiraCore
import SiraLaneTesting
import SiraPipeline
import SiraStorage
import SiraTenancy
import SiraTesting
import SiraWire
import Testing

@Suite struct PipelineAuthorizeTests {
    @Test func `a key may use the models that it names, by the names that it is asked by`() async throws {
        var random = SeededRandom(seed: 1)
        let patterns = try ["alpha/*", "sonnet"].map { try #require(ModelPattern($0)) }
        let issued = APIKey.issue(name: "narrow", allowedModels: patterns, at: VirtualClock().now, using: &random)
        let bench = try Bench(keys: [issued.key])
        let text = issued.text.reveal()
        let refused = bench.ask(Sample.chat, key: text)
        #expect(refused.status == 403 && refused.code == "model_not_allowed")
        #expect(refused.error["type"] as? String == "permission_error" && refused.error["param"] as? String == "model")
        #expect((refused.error["message"] as? String)?.contains("narrow") == true)
        let messages = Sample.messages.replacing("sonnet", with: "gamma/sonnet")
        let other = bench.ask(messages, .messages, key: text)
        #expect(other.status == 403 && other.error["type"] as? String == "permission_error")
        #expect(other.json["type"] as? String == "error")
        bench.script(.answer(.init(json: Sample.completion)))
        #expect(bench.ask(Sample.chat.replacing("small", with: "alpha/small"), key: text).status == 200)
        let records = try await bench.lane.records()
        #expect(records.map(\.outcome) == [.blocked, .blocked, .ok])
        #expect(records.allSatisfy { $0.key == issued.key.id && $0.isFinal })
        #expect(records.map(\.attempt) == [0, 0, 1])
    }
}
