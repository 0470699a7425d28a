import SiraCore
import SiraLaneTesting
import SiraPipeline
import SiraRouting
import SiraStorage
import SiraTesting
import SiraWire
import Testing

struct ExecutionTests {
    private static func hedging() -> GatewayPolicy {
        var policy = GatewayPolicy()
        policy.resilience.hedge = HedgePolicy()
        policy.resilience.hedge?.delay = .seconds(1)
        return policy
    }

    @Test func `a second attempt is made where nothing has ever answered, for what its price says it will cost`()
        async throws
    {
        let bench = try Bench(policy: Self.hedging())
        // At 5 %, a second attempt that is a little dearer takes the cost of some fifty answers.
        for _ in 0..<50 {
            bench.script(.answer(.init(json: Sample.completion)))
            #expect(bench.ask(Sample.chat).status == 200)
        }
        bench.script(.silence, .answer(.init(json: Sample.completion)))
        let client = bench.ask(Sample.chat)
        #expect(client.status == 0)
        bench.lane.loop.advance(by: .milliseconds(1_100))
        #expect(client.status == 200 && client.headers["x-sira-provider"] == "beta")
        #expect(bench.lane.transport.requests.last?.endpoint.host == "beta.test")
    }

    @Test func `no second attempt is made that the budget has no room for`() throws {
        let bench = try Bench(policy: Self.hedging())
        bench.script(.silence)
        let client = bench.ask(Sample.chat)
        bench.lane.loop.advance(by: .seconds(2))
        #expect(bench.lane.transport.requests.count == 1)
        client.abort.fire()
        bench.settle()
    }

    @Test func `of two that fail the last is booked and told, whichever began first`() async throws {
        var policy = Self.hedging()
        policy.resilience.retry.attempts = 2
        let bench = try Bench(policy: policy)
        for _ in 0..<50 {
            bench.script(.answer(.init(json: Sample.completion)))
            bench.ask(Sample.chat)
        }
        let slow = ScriptedAnswer(status: 200, [("content-type", "application/json")])
        bench.script(.answer(slow), .answer(.init(status: 500, json: "{}")))
        let client = bench.ask(Sample.chat)
        bench.lane.loop.advance(by: .milliseconds(1_100))
        #expect(bench.lane.transport.requests.last?.endpoint.host == "beta.test" && !client.hasStarted)
        slow.end(GatewayError(.upstreamInterrupted, "broke off"))
        bench.settle()
        bench.lane.loop.advance(by: .seconds(10))
        #expect(client.status == 502 && client.headers["x-sira-provider"] == "alpha")
        let records = try await bench.lane.records().suffix(2)
        #expect(Set(records.map(\.provider)) == ["alpha", "beta"] && Set(records.map(\.attempt)) == [1, 2])
        let last = try #require(records.first { $0.isFinal })
        #expect(last.provider == "alpha" && last.attempt == 1)
    }

    @Test func `a client that has left before anyone was asked is charged for nothing`() async throws {
        var policy = GatewayPolicy()
        policy.resilience.parallel = 2
        let bench = try Bench(policy: policy)
        let client = Client()
        client.abort.fire()
        bench.script(.silence, .silence)
        bench.ask(Sample.chat, client: client)
        bench.settle()
        #expect(bench.lane.transport.requests.isEmpty)
        let records = try await bench.lane.records()
        #expect(records.allSatisfy { $0.cost == .zero && $0.outcome == .cancelled })
    }
}
