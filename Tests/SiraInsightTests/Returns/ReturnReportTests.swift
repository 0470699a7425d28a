import SiraCore
import SiraInsight
import SiraJSON
import Testing

struct ReturnReportTests {
    private static let report: ReturnReport = {
        var model = ReturnModel(requests: 1_000_000, costPerRequest: NanoUSD(nanos: 4_000_000))
        model.cacheHitRate = Share(0.2)
        model.batchRate = Share(0.3)
        model.overhead = NanoUSD(nanos: 200_000_000_000)
        return ReturnReport(model)
    }()

    @Test
    func `the table says what each number would do, and docs show it`() throws {
        try CostDocument.expect("returns", "```\n" + Self.report.text + "\n```\n")
        #expect(Self.report.text.contains("savings             $1080.000000000"))
        let lines = Self.report.sensitivity.lines
        for variable in Sensitivity.Variable.allCases {
            let savings = lines.filter { $0.variable == variable }.map(\.model.savings)
            #expect(savings[3] == Self.report.model.savings)
            #expect(variable == .overhead ? savings == savings.sorted(by: >) : savings == savings.sorted())
        }
    }

    @Test
    func `a lower hit rate by half leaves half the hits`() throws {
        let line = try #require(
            Self.report.sensitivity.lines.first { $0.variable == .cacheHitRate && $0.change == -50 }
        )
        #expect(line.model.cacheHitRate == Share(0.1))
        // 4,000 · 0.9 · 0.85 + 200
        #expect(line.model.costWith == NanoUSD(decimal: "3260"))
        #expect(Self.report.sensitivity.hitRates.map(\.cacheHitRate.value) == (0..<10).map { Double($0) / 10 })
    }

    @Test
    func `programs get amounts as text and rates as numbers`() throws {
        var json = JSONWriter()
        json.object { Self.report.write(to: &$0) }
        let text = String(decoding: json.bytes, as: UTF8.self)
        #expect(text.contains(#""savings_usd":"1080.000000000","roi":5.4"#))
        #expect(text.contains(#""break_even_requests":156250,"break_even_cache_hit_rate":0"#))
        #expect(text.contains(#""variable":"overhead","change_percent":50"#))
    }
}
