import Foundation
import SiraCatalog
import SiraCore
import SiraLaneTesting
import SiraLimits
import SiraTenancy
import SiraTesting
import SiraWire
import Testing

@testable import SiraPipeline

@Suite struct PipelineExpectationTests {
    private func budget(_ bench: Bench) {
        let rule = BudgetRule(
            id: "money",
            scope: Scope(.key, "*"),
            amount: NanoUSD(nanos: 9_000_000_000),
            period: .total
        )
        let (uptime, now) = (bench.lane.clock.uptime, bench.lane.clock.now)
        _ = bench.lane.limits.adopt(limits: [], budgets: [rule], uptime: uptime, now: now)
    }

    /// What is reserved for a request while nobody has answered it.
    private func reserved(_ bench: Bench, _ body: String, _ operation: SiraWire.Operation = .chat) throws -> Int64 {
        budget(bench)
        bench.script(.silence)
        let client = bench.ask(body, operation)
        defer {
            client.abort.fire()
            bench.settle()
        }
        #expect(!client.hasStarted, "\(client.body)")
        return try #require(bench.lane.limits.budgets(at: bench.lane.clock.now).first).reserved.nanos
    }

    private func bench(_ rates: Rates) throws -> Bench { try Bench(prices: ["alpha/pictures": rates]) }

    @Test func `a picture in the prompt is reckoned as a picture`() throws {
        let bench = try Bench()
        let data = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + [UInt8](repeating: 7, count: 1_000_000))
        let url = "data:image/png;base64," + data.base64EncodedString()
        let body = Sample.chat.replacing(
            #""Hi""#,
            with: #"[{"type":"image_url","image_url":{"url":"\#(url)"}}]"#
        )
        // 1,600 tokens and the text at 2 dollars a million, 1,024 of the answer at 8.
        let kept = try reserved(bench, body)
        #expect(kept >= 11_392_000 && kept < 11_600_000)
    }

    @Test func `pictures by the token are reckoned as the dearest`() throws {
        var rates = Rates(input: 5_000_000_000, output: nil)
        (rates.inputImage, rates.outputImage) = (10_000_000_000, 40_000_000_000)
        let body = #"{"model":"alpha/pictures","prompt":"A cat","n":2}"#
        let kept = try reserved(bench(rates), body, .imageGeneration)
        let pictures: Int64 = 2 * 6_240 * 40_000
        #expect(kept >= pictures && kept < pictures + 200_000)
    }

    @Test func `answers that may be pictures are reckoned at the price of these`() throws {
        var rates = Rates(input: 1_000_000_000, output: 2_000_000_000)
        rates.outputImage = 30_000_000_000
        let body = Sample.chat.replacing("small", with: "alpha/pictures")
        #expect(try reserved(bench(rates), body) >= 1_024 * 30_000)
    }

    @Test func `what has a price of which nothing can be told is reckoned at ten cents`() throws {
        var rates = Rates()
        rates.billsOtherUnits = true
        let body = Sample.chat.replacing("small", with: "alpha/pictures")
        #expect(try reserved(bench(rates), body) == 100_000_000)
    }
}
