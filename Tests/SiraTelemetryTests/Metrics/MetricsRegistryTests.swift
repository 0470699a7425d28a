import SiraCore
@testable import SiraTelemetry
import Testing

@Suite struct MetricsRegistryTests {
    let registry = MetricsRegistry(
        operations: [
            OperationLabels(name: "chat", clientProtocol: "openai"),
            OperationLabels(name: "messages", clientProtocol: "anthropic"),
        ],
        version: "1.2.3"
    )

    func answered(_ operation: String, by provider: String) throws -> FinishedRequest {
        var request = FinishedRequest(operation: try #require(registry.operationSlot(operation)))
        request.provider = registry.providerSlot(provider)
        return request
    }

    @Test func `a provider keeps its slot and the ones beyond the limit share one`() {
        let first = registry.providerSlot("openai")
        #expect(registry.providerSlot("openai") == first)
        #expect(registry.providerSlot("none") == .none)
        #expect(registry.providerSlot("other") == .other)
        let slots = (0..<100).map { registry.providerSlot("p\($0)") }
        #expect(Set(slots.prefix(61)).count == 61)
        #expect(slots.suffix(39).allSatisfy { $0 == .other })
    }

    @Test func `an operation that is not known has no slot`() {
        #expect(registry.operationSlot("chat") != nil)
        #expect(registry.operationSlot("telepathy") == nil)
    }

    @Test func `absurd figures leave sums at the end of the range, in a lane and over all of them`() throws {
        let lanes = [registry.makeLane(), registry.makeLane()]
        for provider in ["openai", "anthropic"] {
            var request = try answered("chat", by: provider)
            request.usage = Usage(input: .max - 1, output: .max)
            request.cost = NanoUSD(nanos: .max - 3)
            for lane in lanes + lanes {
                lane.requestStarted()
                lane.finished(request)
            }
        }
        let totals = registry.totals()
        #expect(totals.inputTokens == .max && totals.outputTokens == .max)
        #expect(totals.cost == NanoUSD(nanos: .max))
        let text = registry.text(process: ProcessSample())
        #expect(text.contains("sira_cost_nanodollars_total{provider=\"openai\"} \(Int64.max)\n"))
    }

    @Test func `lanes on different threads are added up without losing any`() async throws {
        var request = try answered("chat", by: "openai")
        request.usage = Usage(input: 3, output: 2)
        request.cost = NanoUSD(nanos: 7)
        let finished = request
        let registry = registry
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                let lane = registry.makeLane()
                group.addTask {
                    for _ in 0..<5_000 {
                        lane.requestStarted()
                        lane.finished(finished)
                    }
                }
            }
            group.addTask { for _ in 0..<20 { _ = registry.totals() } }
        }
        let totals = registry.totals()
        #expect(totals.requests == 20_000)
        #expect(totals.failures == 0)
        #expect(totals.inputTokens == 60_000)
        #expect(totals.outputTokens == 40_000)
        #expect(totals.cost == NanoUSD(nanos: 140_000))
        #expect(totals.inflightRequests == 0)
        #expect(totals.providers["openai"]?.requests == 20_000)
    }

    @Test func `a cost that is not known is counted as such and not as nothing`() throws {
        let lane = registry.makeLane()
        lane.finished(try answered("chat", by: "local"))
        lane.finished(try answered("chat", by: "none"))
        #expect(registry.totals().unknownCostRequests == 1)
        #expect(registry.totals().cost == .zero)
        #expect(registry.text().contains(#"sira_unknown_cost_requests_total{provider="local"} 1"#))
    }

    @Test func `what opens and closes is a gauge`() {
        let (one, two) = (registry.makeLane(), registry.makeLane())
        one.connectionOpened()
        two.connectionOpened()
        two.streamOpened()
        two.connectionClosed()
        #expect(registry.totals().openConnections == 1)
        #expect(registry.totals().openStreams == 1)
        #expect(registry.laneCount == 2)
    }

    @Test func `the median and the 99th of 100 are bounds of buckets`() throws {
        let lane = registry.makeLane()
        #expect(registry.totals().addedLatencyMedian == nil)
        var request = try answered("chat", by: "openai")
        request.addedLatency = 90
        for _ in 0..<98 { lane.finished(request) }
        request.addedLatency = 4_000
        for _ in 0..<2 { lane.finished(request) }
        #expect(registry.totals().addedLatencyMedian == 100)
        #expect(registry.totals().addedLatencyP99 == 5_000)
    }
}
