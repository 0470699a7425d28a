import SiraCore
import SiraLaneTesting
import SiraPipeline
import SiraStorage
import SiraTenancy
import SiraTesting
import SiraWire
import Testing

@Suite struct PipelineReadsTests {
    @Test func `a request is told to its key, and to no other`() async throws {
        var random = SeededRandom(seed: 1)
        let stranger = APIKey.issue(name: "s", at: VirtualClock().now, using: &random)
        let bench = try Bench(keys: [stranger.key])
        bench.script(.failure(GatewayError(.upstreamUnreachable, "no")), .answer(.init(json: Sample.completion)))
        let id = try #require(bench.ask(Sample.chat).headers["x-sira-request-id"])
        _ = try await bench.lane.records()
        let own = bench.read(key: bench.lane.keyText) { await $0.describeRequest(id, $1, to: $2) }
        #expect(own.status == 200 && own.json["cost_usd"] as? String == "0.000048000")
        #expect((own.json["attempts"] as? [[String: Any]])?.map { $0["provider"] as? String } == ["alpha", "beta"])
        let other = bench.read(key: stranger.text.reveal()) { await $0.describeRequest(id, $1, to: $2) }
        let absent = bench.read(key: bench.lane.keyText) { await $0.describeRequest("req_none", $1, to: $2) }
        #expect(other.status == 404 && absent.status == 404 && other.code == "request_not_found")
    }

    @Test func `the process is live, and ready while it can serve and is not told to stop`() throws {
        let bench = try Bench()
        let say = { (isDraining: Bool) in
            let client = Client()
            bench.pipeline.sayReady(isDraining: isDraining, to: client)
            bench.settle()
            return client
        }
        #expect(say(false).status == 200 && say(true).status == 503)
        bench.lane.facts.unreadiness = "the disk is full"
        let client = say(false)
        #expect(client.status == 503 && client.json["reason"] as? String == "the disk is full")
    }
}
