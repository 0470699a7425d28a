import SiraCore
import SiraSignals
import SiraTesting
import SiraWire
import Testing

@Suite struct ObjectiveCombiningTests {
    private func stated(_ text: String?, _ headers: (String, String)...) throws -> String? {
        try Objective.stated(afterModel: text, headers: HeaderFields(headers.map { ($0.0, $0.1) }))?.description
    }

    @Test func `a request that wants nothing in particular has no objective`() throws {
        #expect(try stated(nil, ("content-type", "application/json"), ("x-sira-session", "a")) == nil)
    }

    @Test func `headers alone will do, in any case`() throws {
        #expect(try stated(nil, ("X-Sira-Objective", "cheapest & quality>=0.8")) == "cheapest&quality>=0.8")
        #expect(
            try stated(
                nil,
                ("x-sira-max-price", " 0.01 "),
                ("X-SIRA-PROVIDER-ORDER", "b, A"),
                ("x-sira-provider-only", "a,b,c"),
                ("x-sira-provider-ignore", "c"),
                ("x-sira-data-policy", "ZDR"),
                ("x-sira-region", "EU"),
                ("x-sira-require", "tools")
            ) == "price<=0.01&only=a,b,c&order=b,a&ignore=c&zdr&region=eu&require=tools"
        )
    }

    @Test func `of two limits the stricter one counts, whichever place it is in`() throws {
        let one = "quality>=0.8&ttft<1s&price<=0.02&input_price<=1&output_price<=9&throughput>=10&context>=1m"
        let other = "quality>=0.7&ttft<900ms&price<=0.03&input_price<=2&output_price<=8&throughput>=20&context>=100k"
        let both =
            "quality>=0.8&ttft<=900ms&price<=0.02&input_price<=1&output_price<=8&throughput>=20&context>=1000000"
        #expect(try stated(one, ("x-sira-objective", other)) == both)
        #expect(try stated(other, ("x-sira-objective", one)) == both)
    }

    @Test func `lists are narrowed, wishes are added`() throws {
        #expect(
            try stated(
                "only=a,b&ignore=c&require=tools&region=eu,us",
                ("x-sira-provider-only", "b,d"),
                ("x-sira-provider-ignore", "e,c"),
                ("x-sira-require", "json"),
                ("x-sira-region", "us")
            )
                == "only=b&ignore=c,e&region=us&require=json,tools"
        )
        #expect(try stated("allow_fallbacks=yes", ("x-sira-objective", "allow_fallbacks=no")) == "allow_fallbacks=no")
        #expect(try stated("cheapest", ("x-sira-objective", "cheapest")) == "cheapest")
    }

    @Test func `a header that comes twice is combined as well`() throws {
        #expect(try stated(nil, ("x-sira-require", "tools"), ("x-sira-require", "json")) == "require=json,tools")
    }

    @Test(arguments: [
        ("cheapest", "x-sira-objective", "fastest"), ("only=a", "x-sira-provider-only", "b"),
        ("order=a", "x-sira-provider-order", "b"),
        ("region=eu", "x-sira-region", "us"), ("only=a", "x-sira-provider-ignore", "a"),
        ("order=a", "x-sira-provider-ignore", "a"),
    ])
    func `what contradicts is refused, with both sides told`(text: String, header: String, value: String) {
        let error = #expect(throws: ObjectiveError.self) {
            try Objective.stated(afterModel: text, headers: HeaderFields([(header, value)]))
        }
        #expect(error?.kind == .contradictory)
        #expect(error?.source == .header(header))
    }

    @Test(arguments: [
        ("x-sira-objective", "cheep"), ("x-sira-max-price", "free"), ("x-sira-max-price", ""),
        ("x-sira-data-policy", "none"),
        ("x-sira-require", "tea"), ("x-sira-region", "e u"),
        ("x-sira-provider-only", String(repeating: "a", count: 2_000)),
    ])
    func `an error names its header`(header: String, value: String) {
        let error = #expect(throws: ObjectiveError.self) {
            try Objective.stated(afterModel: nil, headers: HeaderFields([(header, value)]))
        }
        #expect(error?.refusal.field == header)
        #expect(error?.description.hasPrefix(header + ": ") == true)
    }

    @Test func `the order in which wishes are combined does not matter`() throws {
        var random = SeededRandom(seed: 21)
        for _ in 0..<500 {
            let (one, other) = (Objective.random(&random), Objective.random(&random))
            let forth = try? one.combined(with: other, from: .model)
            let back = try? other.combined(with: one, from: .model)
            #expect(forth == back)
            #expect((try? one.combined(with: one, from: .model)) == one)
            #expect((try? one.combined(with: Objective(), from: .model)) == one)
        }
    }
}
