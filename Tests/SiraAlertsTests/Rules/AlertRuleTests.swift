import SiraAlerts
import SiraCore
import SiraJSON
import SiraTenancy
import Testing

@Suite struct AlertRuleTests {
    private func read(_ text: String) throws -> AlertRule {
        try JSONIndexer().read(Array(text.utf8)) { try AlertRule(json: $0) }
    }

    @Test func `what is left out is what is usual for the kind`() throws {
        let rule = try read(#"{"id":"e","kind":"error_rate"}"#)
        #expect(rule == AlertRule(id: "e", kind: .errorRate))
        #expect(rule.threshold == 0.05 && rule.duration == .seconds(300) && rule.leastSample == 20)
    }

    @Test func `a rule is read as it was written`() throws {
        var rule = AlertRule(id: "b", name: "Budget", kind: .budgetThreshold, scope: Scope(.team, "*"))
        rule.threshold = 0.9
        rule.duration = .seconds(60)
        rule.recovery = .seconds(30)
        rule.hysteresis = 0.25
        rule.leastSample = 3
        rule.severity = .info
        rule.channels = ["a", "b"]
        rule.repeatInterval = nil
        rule.isEnabled = false
        var json = JSONWriter()
        json.object { rule.write(to: &$0) }
        #expect(try read(String(decoding: json.bytes, as: UTF8.self)) == rule)
    }

    @Test(arguments: [
        (#"{"kind":"error_rate"}"#, "id"), (#"{"id":"x","kind":"nothing"}"#, "kind"),
        (#"{"id":"x","kind":"error_rate","scope":"planet:x"}"#, "scope"),
        (#"{"id":"x","kind":"error_rate","threshold":"5"}"#, "threshold"),
        (#"{"id":"x","kind":"error_rate","for_seconds":-1}"#, "for_seconds"),
        (#"{"id":"x","kind":"error_rate","for_seconds":9e18}"#, "for_seconds"),
        (#"{"id":"x","kind":"error_rate","repeat_seconds":5}"#, "repeat_seconds"),
        (#"{"id":"x","kind":"error_rate","hysteresis":1}"#, "hysteresis"),
        (#"{"id":"x","kind":"error_rate","channels":"ops"}"#, "channels"),
        (#"{"id":"x","kind":"error_rate","channels":[1]}"#, "channels"),
        (#"{"id":"x","kind":"error_rate","enabled":"yes"}"#, "enabled"),
        (#"{"id":"x","kind":"error_rate","severity":"loud"}"#, "severity"),
        (#"{"id":"x","kind":"error_rate","treshold":1}"#, "treshold"), (#"[]"#, "rule"),
    ])
    func `what is wrong is named`(text: String, field: String) throws {
        let error = try #require(throws: AlertRuleError.self) { try read(text) }
        #expect(error.field == field)
    }
}

@Suite struct AlertFigureTests {
    @Test(arguments: [
        (0.834, AlertKind.errorRate, "83.4 %"), (0.8, .budgetThreshold, "80 %"), (4.26, .spendSpike, "4.3 σ"),
        (1, .providerDown, "down"), (268_435_456, .journalDepth, "256 MiB"), (1_536, .journalDepth, "1.5 KiB"),
        (9.5, .creditLow, "$9.50"), (-0.25, .creditLow, "-$0.25"), (100, .queueDepth, "100"),
        (93_600, .keyExpiring, "1 d 2 h"), (0, .journalAge, "0 s"), (65, .journalAge, "1 min 5 s"),
        (-3_600, .keyExpiring, "-1 h"), (1e300, .journalAge, "11574074074 d 1 h"),
    ])
    func `figures are shown in the unit of their kind`(figure: Double, kind: AlertKind, text: String) {
        #expect(AlertFigure.text(figure, of: kind) == text)
    }

    @Test func `observations are measured against what they are made of`() throws {
        let budget = try #require(
            AlertObservation.budget(
                .gateway,
                spent: NanoUSD(nanos: 81_200_000_000),
                of: NanoUSD(nanos: 100_000_000_000)
            )
        )
        #expect(budget.figure == 0.812 && budget.basis == "$81.20 / $100.00")
        #expect(AlertObservation.budget(.gateway, spent: .zero, of: .zero) == nil)
        let drop = try #require(AlertObservation.cacheHits(30, of: 100, before: 0.5, subject: "gateway"))
        #expect(abs(drop.figure - 0.4) < 1e-9 && drop.basis == "30 % / 50 %")
        #expect(AlertObservation.errors(0, of: 0, subject: "x") == nil)
        #expect(AlertObservation.errors(1, of: 8, subject: "x")?.figure == 0.125)
    }
}
