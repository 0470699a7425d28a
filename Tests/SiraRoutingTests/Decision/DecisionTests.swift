import SiraCore
import SiraJSON
import SiraRouting
import Testing

@Suite struct DecisionTests {
    private func json(_ decision: Decision) -> [UInt8] {
        var writer = JSONWriter()
        decision.write(to: &writer)
        return writer.bytes
    }

    private func full() -> DecisionDetails {
        var all = DecisionDetails(name: "auto")
        all.objective = "cheapest"
        all.route = "r"
        all.rule = "tokens > 5"
        all.strategy = "cheapest"
        all.tier = "economy"
        all.tierReasons = ["12 tokens"]
        all.candidates = [
            Considered(id: "a/x", rank: 1, score: -5, why: .stated("estimated"), cost: NanoUSD(nanos: 5)),
            Considered(id: "b/y", rank: 2, score: -.infinity, why: .stated("the last resort"), state: "cooling"),
        ]
        all.omitted = 3
        all.rejected = [Rejection(target: "c/z", .stated(filter: "region", reason: "elsewhere"))]
        all.omittedRejections = 4
        all.baseline = Baseline(.dearest, id: "b/y", cost: NanoUSD(nanos: 9))
        all.arm = "trial/b"
        all.isDegraded = true
        return all
    }

    @Test func `what was written is read again`() throws {
        let decision = Decision(requested: "auto:cheapest", full())
        let bytes = json(decision)
        let read = try #require(try JSONIndexer().read(bytes) { Decision($0) })
        #expect(read.requested == "auto:cheapest" && read.all == full())
        #expect(json(read) == bytes)
    }

    @Test func `what says nothing is left out`() {
        let text = String(decoding: json(Decision(requested: "m", DecisionDetails(name: "m"))), as: UTF8.self)
        #expect(text == #"{"requested":"m","candidates":[]}"#)
    }

    @Test func `no more than fifty candidates are kept`() throws {
        let bench = try RoutingBench((0..<60).map { .init("p\($0)", "m", 1, 1) })
        var question = bench.question("m:cheapest")
        question.arm = "trial/a"
        let plan = try bench.directory().plan(question)
        let all = plan.decision.all
        #expect(plan.candidates.count == 60 && all.candidates.count == 50 && all.omitted == 10 && all.arm == "trial/a")
        #expect(all.candidates.map(\.rank) == Array(1...50))
        let plain = try bench.directory().plan(bench.question("m")).decision
        #expect(plain.isPlain && plain.all.candidates.count == 50 && plain.all.omitted == 10)
    }

    @Test(arguments: [
        (Why.place(2), "number 2 in the configuration"), (.cost(NanoUSD(nanos: 150_000)), "estimated at $0.000150000"),
        (.firstToken(p50: 120_500, p95: 300_000), "first token after 120.5 ms, p95 300 ms"),
        (.drawn(weight: 0.25), "drawn by its weight of 0.25"), (.quality(1), "quality 1"), (.blend(0.1234), "score 0.123 of 1"),
        (.throughput(-0.5), "-0.5 tokens/s"),
    ])
    func `reasons are sentences`(why: Why, words: String) {
        #expect(why.words == words)
    }
}
