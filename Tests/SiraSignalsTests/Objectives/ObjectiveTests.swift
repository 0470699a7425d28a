import SiraCore
import SiraSignals
import SiraTesting
import Testing

@Suite struct ObjectiveTests {
    @Test func `all terms together are read`() throws {
        let text =
            "cheapest&quality>=0.8&ttft<800ms&price<=0.01&input_price<=1.5&output_price<=6&throughput>=50&context>=100k"
            + "&only=openai,Anthropic&order=anthropic&ignore=groq&zdr&region=eu,uk&require=tools,json&allow_fallbacks=no"
        let objective = try Objective(parsing: text)
        #expect(objective.goal == .cheapest)
        #expect(objective.leastQuality == 0.8)
        #expect(objective.mostFirstToken == .milliseconds(800))
        #expect(objective.mostPrice == NanoUSD(nanos: 10_000_000))
        #expect(objective.mostInputPrice == NanoUSD(nanos: 1_500_000_000))
        #expect(objective.mostOutputPrice == NanoUSD(nanos: 6_000_000_000))
        #expect(objective.leastThroughput == 50)
        #expect(objective.leastContext == 100_000)
        #expect(objective.only == ["openai", "anthropic"])
        #expect(objective.order == ["anthropic"])
        #expect(objective.ignore == ["groq"])
        #expect(objective.wantsZeroRetention)
        #expect(objective.regions == ["eu", "uk"])
        #expect(objective.required == [.tools, .json])
        #expect(objective.allowsFallbacks == false)
        #expect(
            objective.description
                == "cheapest&quality>=0.8&ttft<=800ms&price<=0.01&input_price<=1.5&output_price<=6&throughput>=50"
                + "&context>=100000&only=openai,anthropic&order=anthropic&ignore=groq&zdr&region=eu,uk&require=json,tools"
                + "&allow_fallbacks=no"
        )
    }

    @Test(arguments: [
        ("price<=0.000000001", Int64(1)), ("price<=0.1", 100_000_000), ("price<0.3", 300_000_000), ("price<=0", 0),
        ("price<=9000000000.000000001", 9_000_000_000_000_000_001),
    ])
    func `money is exact`(text: String, nanos: Int64) throws {
        #expect(try Objective(parsing: text).mostPrice == NanoUSD(nanos: nanos))
    }

    @Test(arguments: [
        ("ttft<=1ms", Duration.milliseconds(1)), ("ttft<1.5s", .milliseconds(1_500)),
        ("ttft<=0.25ms", .microseconds(250)),
        ("ttft<=3600s", .seconds(3_600)), ("TTFT < 2S", .seconds(2)),
    ])
    func `times are read in their unit`(text: String, time: Duration) throws {
        #expect(try Objective(parsing: text).mostFirstToken == time)
    }

    @Test(arguments: [
        ("cheepest", ObjectiveError.Kind.unknownTerm), ("", .unknownTerm), ("cheapest&", .unknownTerm),
        ("&", .unknownTerm),
        (">=5", .unknownTerm), ("quality", .badValue), ("only", .badValue), ("quality>=1.1", .badValue),
        ("quality>=-0.1", .badValue), ("quality>=", .badValue), ("quality>=x", .badValue),
        ("quality<=0.5", .badOperator),
        ("quality=0.5", .badOperator), ("quality==0.5", .badOperator), ("quality>=>0.5", .badOperator),
        ("price>=1", .badOperator),
        ("price<=1e-3", .badValue), ("price<=$1", .badValue), ("price<=0.0000000001", .badValue),
        ("price<=-1", .badValue),
        ("price<=99999999999", .badValue), ("ttft<800", .badValue), ("ttft<0ms", .badValue), ("ttft<3601s", .badValue),
        ("ttft<ms", .badValue), ("throughput>=0", .badValue), ("throughput>=9999999", .badValue),
        ("context>=0", .badValue),
        ("context>=9999999999m", .badValue), ("context>=k", .badValue), ("only=", .badValue), ("only=a,,b", .badValue),
        ("only=a b", .badValue), ("only<=a", .badOperator), ("region=eu;us", .badValue),
        ("require=telepathy", .badValue),
        ("allow_fallbacks=maybe", .badValue), ("cheapest&cheapest", .repeated), ("cheapest&best", .repeated),
        ("zdr&zdr", .repeated), ("quality>=0.1&quality>=0.2", .repeated), ("only=a&ignore=a", .contradictory),
        ("order=a&ignore=a", .contradictory), ("only=a&order=b", .contradictory),
    ])
    func `what cannot be read is refused`(text: String, kind: ObjectiveError.Kind) {
        let error = #expect(throws: ObjectiveError.self) { try Objective(parsing: text) }
        #expect(error?.kind == kind, "\(error?.description ?? "")")
        #expect(error?.refusal.code == .invalidField)
        #expect(error?.refusal.field == "model")
    }

    @Test func `an error lists what is allowed and tells what may have been meant`() {
        let error = #expect(throws: ObjectiveError.self) { try Objective(parsing: "cheepest") }
        #expect(error?.message.hasPrefix(#"unknown term "cheepest"; did you mean cheapest?"#) == true)
        for word in ["fastest", "balanced", "zdr", "quality>=0.8", "allow_fallbacks=no"] {
            #expect(error?.message.contains(word) == true, "\(word)")
        }
        let value = #expect(throws: ObjectiveError.self) { try Objective(parsing: "require=vison") }
        #expect(value?.message.contains("did you mean vision") == true)
    }

    @Test func `lengths are limited`() {
        let names = (0...32).map { "p\($0)" }.joined(separator: ",")
        #expect(throws: ObjectiveError.self) { try Objective(parsing: "only=\(names)") }
        let long = #expect(throws: ObjectiveError.self) { try Objective(parsing: String(repeating: "a", count: 1_025)) }
        #expect(long?.kind == .tooLong)
        #expect((long?.message.utf8.count ?? 0) < 500)
    }

    @Test func `providers are admitted as only and ignore say`() throws {
        #expect(Objective().admits(provider: "OpenAI"))
        let only = try Objective(parsing: "only=OpenAI,groq&ignore=groq")
        #expect(only.admits(provider: "openai") && only.admits(provider: "OPENAI"))
        #expect(!only.admits(provider: "groq") && !only.admits(provider: "anthropic"))
    }

    @Test func `the fixed form of any objective reads as the same`() throws {
        var random = SeededRandom(seed: 4)
        for _ in 0..<3_000 {
            let objective = Objective.random(&random)
            guard !objective.isEmpty else { continue }
            #expect(try Objective(parsing: objective.description) == objective, "\(objective)")
        }
    }

    @Test func `no text makes it trap`() {
        let pieces = [
            "cheapest", "quality", "price", "ttft", "only", "require", "zdr", ">=", "<=", "<", "=", "!", "&", ",", ".",
            "0.8", "99999999999999999999",
            "ms", "s", "k", "m", "tools", "价", "🙂", " ", "-", ":", "\u{0}", "İ",
        ]
        var (random, read) = (SeededRandom(seed: 8), 0)
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0...8, using: &random)).map { _ in pieces.randomElement(using: &random) ?? ""
            }.joined()
            if let objective = try? Objective(parsing: text) {
                read += 1
                #expect((try? Objective(parsing: objective.description)) == objective, "\(text)")
            }
            _ = Objective.split(model: text, isKnown: { _ in true })
            _ = Objective.split(model: text, isKnown: { $0.utf8.count < 4 })
        }
        #expect(read > 0)
    }
}
