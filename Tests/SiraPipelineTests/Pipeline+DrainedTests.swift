import SiraCore
import SiraHealth
import SiraLaneTesting
import SiraPipeline
import SiraRouting
import SiraTesting
import SiraWire
import Testing

@Suite struct PipelineDrainedTests {
    private func access(_ name: String, _ bench: Bench) throws -> AccessHealth {
        let context = bench.lane.context
        let access = try #require(context.snapshot.directory.accesses.first { $0.name == name })
        return access.health(on: context.services.memory.health)
    }

    @Test func `what is drained is passed over, and nothing is sent when nothing else is left`() async throws {
        let bench = try Bench()
        try access("alpha", bench).drain(reason: "why")
        bench.script(.answer(.init(json: Sample.completion)))
        #expect(bench.ask(Sample.chat).headers["x-sira-provider"] == "beta")
        let refused = bench.ask(Sample.chat.replacing("small", with: "alpha/small"))
        #expect(refused.status == 503 && refused.code == "model_drained")
        #expect((refused.error["message"] as? String)?.contains("alpha/small") == true)
        #expect(bench.lane.transport.requests.map(\.endpoint.host) == ["beta.test"])
        try access("alpha", bench).resume()
        bench.script(.answer(.init(json: Sample.completion)))
        #expect(bench.ask(Sample.chat).headers["x-sira-provider"] == "alpha")
    }

    @Test func `attempts are counted by why they were made and how they ended`() throws {
        let bench = try Bench()
        bench.script(.answer(.init(status: 503, json: "{}")), .answer(.init(json: Sample.completion)))
        #expect(bench.ask(Sample.chat).status == 200)
        bench.script(.answer(.init(status: 400, json: "{}")))
        bench.ask(Sample.chat.replacing("small", with: "alpha/small"))
        #expect(bench.lane.metric(#"sira_attempts_total{kind="first",outcome="server_error"}"#) == "1")
        #expect(bench.lane.metric(#"sira_attempts_total{kind="fallback",outcome="ok"}"#) == "1")
        #expect(bench.lane.metric(#"sira_attempts_total{kind="first",outcome="rejected"}"#) == "1")
    }
}
