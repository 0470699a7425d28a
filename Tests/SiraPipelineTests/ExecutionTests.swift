import SiraCore
import SiraLaneTesting
import SiraPipeline
import SiraRouting
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
}
