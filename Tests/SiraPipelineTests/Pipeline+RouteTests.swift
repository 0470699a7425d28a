import SiraCore
import SiraLaneTesting
import SiraPipeline
import SiraStorage
import SiraTesting
import SiraWire
import Testing

@Suite struct PipelineRouteTests {
    @Test func `a model that nobody has is not found, in either protocol, and booked without a provider`() async throws
    {
        let bench = try Bench()
        let client = bench.ask(Sample.chat.replacing("small", with: "smal"))
        #expect(client.status == 404 && client.code == "model_not_found" && client.error["param"] as? String == "model")
        #expect((client.error["message"] as? String)?.contains("small") == true)
        #expect(client.headers["x-sira-provider"] == nil && client.headers["x-sira-attempts"] == nil)
        let other = bench.ask(Sample.messages.replacing("sonnet", with: "sonata"), .messages)
        #expect(other.status == 404 && other.error["type"] as? String == "not_found_error")
        let records = try await bench.lane.records()
        #expect(records.map(\.requestedModel) == ["smal", "sonata"] && records.allSatisfy { $0.provider.isEmpty })
        #expect(records.map(\.errorCode) == ["model_not_found", "model_not_found"])
    }

    @Test func `an operation that no provider of the model has is refused before anyone is asked`() throws {
        let bench = try Bench()
        let body = #"{"model":"sonnet","input":"x"}"#
        let client = bench.ask(body, .embedding)
        #expect(client.status == 400 && client.code == "unsupported_feature")
        #expect(bench.lane.transport.requests.isEmpty)
    }
}
