import Foundation
import SiraCatalog
import SiraCore
import SiraInsight
import SiraJSON
import Testing

struct AdviceRulesTests {
    @Test
    func `every file in the folder of rules is a rule that is asked`() throws {
        let folder = PublicSeries.packageRoot.appendingPathComponent("Sources/SiraInsight/Advice/Rules")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
        let types = AdviceRules.all.map { "\(type(of: $0)).swift" }
        #expect(files.sorted() == types.sorted())
        #expect(Set(AdviceRules.all.map(\.name)).count == types.count)
    }

    @Test
    func `every rule is told of in the documentation`() throws {
        let url = PublicSeries.packageRoot.appendingPathComponent("docs/cost.md")
        let text = try String(contentsOf: url, encoding: .utf8)
        for rule in AdviceRules.all { #expect(text.contains("| `\(rule.name)` |"), "\(rule.name)") }
    }

    @Test
    func `from empty books comes no advice`() throws {
        #expect(AdviceRules.advice(try AdviceExample.facts()).isEmpty)
    }

    @Test
    func `what saves most comes first, and what saves nothing worth is not said`() throws {
        var facts = try AdviceExample.facts()
        facts.repeats = [
            AdviceExample.repeats("a", cost: "3"), AdviceExample.repeats("b", cost: "9"),
            AdviceExample.repeats("c", cost: "0.5"),
        ]
        facts.keys = [KeyRow(key: "old", madeAt: AdviceExample.daysAgo(90))]
        let advice = AdviceRules.advice(facts)
        #expect(advice.map(\.rule) == ["cache-repeats", "cache-repeats", "idle-key"])
        #expect(advice.first?.saving?.expected == NanoUSD(decimal: "9"))
        #expect(advice.last?.saving == nil)
    }

    @Test
    func `an id is the same for other numbers, another for another thing, and puts off`() throws {
        var facts = try AdviceExample.facts()
        facts.repeats = [AdviceExample.repeats("a", cost: "3"), AdviceExample.repeats("b", cost: "3")]
        let before = AdviceRules.advice(facts)
        facts.repeats = [AdviceExample.repeats("a", cost: "30"), AdviceExample.repeats("b", cost: "30")]
        let after = AdviceRules.advice(facts)
        #expect(Set(before.map(\.id)) == Set(after.map(\.id)) && Set(after.map(\.id)).count == 2)
        #expect(before.map(\.saving) != after.map(\.saving))
        let left = AdviceRules.advice(facts, dismissed: [after[0].id])
        #expect(left.map(\.id) == [after[1].id])
    }

    @Test
    func `savings are those of thirty days`() throws {
        var facts = try AdviceExample.facts()
        facts.days = 10
        facts.repeats = [AdviceExample.repeats("a", cost: "3")]
        #expect(AdviceRules.advice(facts).first?.saving?.high == NanoUSD(decimal: "9"))
    }

    @Test
    func `programs get what is to be changed`() throws {
        var facts = try AdviceExample.facts()
        facts.keys = [KeyRow(key: "old", madeAt: AdviceExample.daysAgo(90))]
        facts.repeats = [AdviceExample.repeats("a", cost: "3")]
        let texts = AdviceRules.advice(facts).map { advice in
            var json = JSONWriter()
            json.object { advice.write(to: &$0) }
            return String(decoding: json.bytes, as: UTF8.self)
        }
        #expect(texts[0].contains(#""change":{"kind":"enable_cache","key":"a","model":"openai/gpt-4o"}"#))
        #expect(texts[0].contains(#""saving_usd":{"low":"3.000000000","expected":"3.000000000","high":"3.000000000"}"#))
        #expect(
            texts[1].contains(#""saving_usd":null,"change":{"kind":"set_key_expiry","key":"old","at":"2026-11-25T"#)
        )
    }
}

/// Books for the tests of rules: thirty days.
enum AdviceExample {
    static let now = Timestamp(microseconds: 1_795_000_000_000_000)
    static let gpt4o = ModelReference(provider: "openai", model: "gpt-4o")
    static let mini = ModelReference(provider: "openai", model: "gpt-4o-mini")

    static func facts() throws -> AdviceFacts { AdviceFacts(catalog: try Catalog.embedded(), now: now, days: 30) }

    static func daysAgo(_ days: Int) -> Timestamp { now.advanced(by: .seconds(-86_400 * days)) }

    static func repeats(_ key: String, cost: String, soon: String? = nil) -> RepeatRow {
        let (cost, soon) = (NanoUSD(decimal: cost) ?? .zero, NanoUSD(decimal: soon ?? cost) ?? .zero)
        return RepeatRow(key: key, model: gpt4o, requests: 100, repeats: (40, cost), soon: (30, soon))
    }

    static func row(_ model: ModelReference, requests: Int64 = 1_000, input: Int, output: Int = 0) -> UsageRow {
        UsageRow(model: model, time: now, requests: requests, usage: Usage(input: input, output: output), cost: nil)
    }
}
