import SiraCore
import SiraLaneTesting
import SiraLedger
import SiraPipeline
import SiraStorage
import SiraTesting
import SiraWire
import Testing

@Suite struct PipelineAdmitTests {
    @Test func `a gateway that shuts down sends clients elsewhere`() throws {
        let bench = try Bench()
        bench.lane.context.isDraining = true
        let client = bench.ask(Sample.chat)
        #expect(client.status == 503 && client.code == "gateway_draining" && client.headers["retry-after"] == "1")
        let other = bench.ask(Sample.messages, .messages)
        #expect(other.status == 503 && other.error["type"] as? String == "overloaded_error")
    }

    @Test func `no more requests run at once than the policy allows`() async throws {
        var policy = GatewayPolicy()
        policy.concurrentRequestsPerLane = 2
        let bench = try Bench(policy: policy)
        bench.script(.silence, .silence)
        let running = [bench.ask(Sample.chat), bench.ask(Sample.chat)]
        let third = bench.ask(Sample.chat)
        #expect(third.status == 503 && third.code == "gateway_overloaded" && third.headers["retry-after"] == "1")
        running[0].abort.fire()
        bench.settle()
        bench.script(.answer(.init(json: Sample.completion)))
        #expect(bench.ask(Sample.chat).status == 200)
        running[1].abort.fire()
        bench.settle()
        #expect(try await bench.lane.records().map(\.outcome) == [.limited, .cancelled, .ok, .cancelled])
    }

    @Test func `nothing is asked of a provider that could not be booked`() throws {
        let bench = try Bench()
        bench.lane.facts.acceptsRecords = false
        let client = bench.ask(Sample.chat)
        #expect(client.status == 503 && client.code == "journal_full" && client.headers["retry-after"] == "10")
        bench.lane.facts.acceptsRecords = true
        bench.script(.answer(.init(json: Sample.completion)))
        #expect(bench.ask(Sample.chat).status == 200)
        #expect(bench.lane.transport.requests.count == 1)
    }
}
