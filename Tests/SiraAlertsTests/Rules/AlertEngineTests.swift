import SiraAlerts
import SiraCore
import SiraTenancy
import SiraTesting
import Testing

@Suite struct AlertEngineTests {
    private let start = Timestamp(microseconds: 1_763_700_000_000_000)

    private func at(_ seconds: Int) -> Timestamp { start.advanced(by: .seconds(seconds)) }

    private func engine(_ change: (inout AlertRule) -> Void = { _ in }) -> AlertEngine {
        var rule = AlertRule(id: "errors", kind: .errorRate, channels: ["ops"])
        change(&rule)
        return AlertEngine(rules: [rule])
    }

    private func errors(_ rate: Double, _ subject: String = "openai", sample: Int = 1_000) -> [AlertObservation] {
        [AlertObservation(.errorRate, subject: subject, figure: rate, sample: sample)]
    }

    @Test func `it fires only once it has been bad for the rule's duration`() throws {
        var engine = engine()
        #expect(engine.evaluate(errors(0.2), at: at(0)).isEmpty)
        #expect(engine.evaluate(errors(0.2), at: at(299)).isEmpty)
        let alert = try #require(engine.evaluate(errors(0.3), at: at(300)).first)
        #expect(alert.occasion == .fired && alert.state == .firing)
        #expect(alert.figure == 0.3 && alert.threshold == 0.05 && alert.since == at(0))
        #expect(alert.channels == ["ops"] && alert.ruleName == "errors" && alert.severity == .critical)
        #expect(engine.evaluate(errors(0.3), at: at(301)).isEmpty)
    }

    @Test func `a moment of health begins the duration anew`() {
        var engine = engine()
        _ = engine.evaluate(errors(0.2), at: at(0))
        _ = engine.evaluate(errors(0.05), at: at(200))
        #expect(engine.all.isEmpty)
        _ = engine.evaluate(errors(0.2), at: at(250))
        #expect(engine.evaluate(errors(0.2), at: at(500)).isEmpty)
        #expect(engine.evaluate(errors(0.2), at: at(550)).count == 1)
    }

    @Test func `the threshold itself is not beyond it`() {
        var engine = engine { $0.duration = .zero }
        #expect(engine.evaluate(errors(0.05), at: at(0)).isEmpty)
        #expect(engine.evaluate(errors(0.0501), at: at(1)).count == 1)
    }

    @Test func `it resolves when it has been well past the threshold for long enough`() throws {
        var engine = engine()
        _ = engine.evaluate(errors(0.2), at: at(0))
        let fired = try #require(engine.evaluate(errors(0.2), at: at(300)).first)
        // 4.8 % is below 5 %, but not by a tenth of it.
        for second in stride(from: 310, through: 2_000, by: 10) {
            #expect(engine.evaluate(errors(0.048), at: at(second)).isEmpty)
        }
        #expect(engine.evaluate(errors(0.01), at: at(2_010)).isEmpty)
        #expect(engine.evaluate(errors(0.01), at: at(2_309)).isEmpty)
        let alert = try #require(engine.evaluate(errors(0.01), at: at(2_310)).first)
        #expect(alert.occasion == .resolved && alert.lasted == .seconds(2_310))
        #expect(alert.incident == fired.incident && alert.id != fired.id && alert.number == 1)
    }

    @Test func `it is told again after the interval, and as often as that`() {
        var engine = engine { $0.repeatInterval = .seconds(3_600) }
        var told: [(Int, Alert.Occasion)] = []
        for second in stride(from: 0, through: 3 * 3_600, by: 60) {
            told += engine.evaluate(errors(0.2), at: at(second)).map { (second, $0.occasion) }
        }
        #expect(told.map(\.0) == [300, 3_900, 7_500])
        #expect(told.map(\.1) == [.fired, .repeated, .repeated])
    }

    @Test func `a rule without an interval tells once`() {
        var engine = engine { $0.repeatInterval = nil }
        let told = stride(from: 0, through: 86_400, by: 300).flatMap { engine.evaluate(errors(0.2), at: at($0)) }
        #expect(told.count == 1)
    }

    @Test func `subjects go their ways by themselves, and one has one incident per rule`() {
        var engine = engine { $0.duration = .zero }
        let both = errors(0.2, "a") + errors(0.2, "b") + errors(0.3, "a")
        let alerts = engine.evaluate(both, at: at(0))
        #expect(alerts.map(\.subject) == ["a", "b"])
        #expect(alerts[0].figure == 0.3)
        #expect(alerts[0].incident != alerts[1].incident)
    }

    @Test func `too few requests prove nothing`() {
        var engine = engine { $0.duration = .zero }
        #expect(engine.evaluate(errors(1, sample: 19), at: at(0)).isEmpty)
        #expect(engine.evaluate(errors(1, sample: 20), at: at(1)).count == 1)
    }

    @Test func `scopes choose what a rule looks at`() {
        let team = Scope(.team, "core")
        let observations = [
            AlertObservation.budget(team, spent: NanoUSD(nanos: 90), of: NanoUSD(nanos: 100)),
            AlertObservation.budget(.gateway, spent: NanoUSD(nanos: 95), of: NanoUSD(nanos: 100)),
        ].compactMap { $0 }
        func subjects(_ scope: Scope?) -> [String] {
            var engine = AlertEngine(rules: [AlertRule(id: "b", kind: .budgetThreshold, scope: scope)])
            return engine.evaluate(observations, at: start).map(\.subject)
        }
        #expect(subjects(nil) == ["gateway", "team:core"])
        #expect(subjects(.gateway) == ["gateway"])
        #expect(subjects(team) == ["team:core"])
        #expect(subjects(Scope(.team, "*")) == ["team:core"])
        #expect(subjects(Scope(.team, "other")).isEmpty)
        #expect(subjects(Scope(.user, "*")).isEmpty)
    }

    @Test(arguments: [
        (AlertKind.budgetThreshold, 0.8, 0.79), (.creditLow, 9.99, 10), (.keyExpiring, 3_600, 8 * 86_400),
        (.providerDown, 1, 0), (.queueDepth, 101, 100), (.spendSpike, 4.5, 4), (.journalAge, 301, 300),
        (.cacheHitDrop, 0.21, 0.2), (.forecastOverBudget, 1.01, 1), (.journalDepth, 3e8, 2e8),
    ])
    func `each kind knows on which side it is bad`(kind: AlertKind, bad: Double, good: Double) {
        var rule = AlertRule(id: "r", kind: kind)
        rule.duration = .zero
        var engine = AlertEngine(rules: [rule])
        #expect(engine.evaluate([AlertObservation(kind, subject: "s", figure: good)], at: start).isEmpty)
        #expect(engine.evaluate([AlertObservation(kind, subject: "s", figure: bad)], at: at(1)).count == 1)
    }

    @Test func `figures that are no numbers are passed over`() {
        var engine = engine { $0.duration = .zero }
        #expect(engine.evaluate(errors(.nan) + errors(.infinity), at: start).isEmpty)
    }

    @Test func `what comes and goes is told three times and then held to be one incident`() {
        var engine = engine { rule in
            rule.duration = .zero
            rule.recovery = .zero
            rule.repeatInterval = nil
        }
        var told: [Alert] = []
        for minute in 0..<30 {
            told += engine.evaluate(errors(minute.isMultiple(of: 2) ? 0.5 : 0), at: at(minute * 60))
        }
        #expect(told.map(\.occasion) == [.fired, .resolved, .fired, .resolved, .fired])
        #expect(told.last?.isFlapping == true)
        // Quiet from now on: the end is believed after half an hour.
        for minute in 30..<59 { #expect(engine.evaluate(errors(0), at: at(minute * 60)).isEmpty) }
        #expect(engine.evaluate(errors(0), at: at(59 * 60)).map(\.occasion) == [.resolved])
    }

    @Test func `what is no longer observed is let go after a while`() {
        var engine = engine { $0.duration = .zero }
        _ = engine.evaluate(errors(0.2), at: at(0))
        #expect(engine.evaluate([], at: at(899)).isEmpty)
        #expect(engine.evaluate([], at: at(900)).map(\.occasion) == [.dropped])
        #expect(engine.evaluate([], at: at(901)).isEmpty)
    }

    @Test func `rules that go take their incidents along`() {
        var engine = engine { $0.duration = .zero }
        _ = engine.evaluate(errors(0.2), at: at(0))
        var off = engine.rules
        off[0].isEnabled = false
        let told = engine.replaceRules(off, at: at(10))
        #expect(told.map(\.occasion) == [.dropped] && told.first?.lasted == .seconds(10))
        #expect(engine.all.isEmpty)
        #expect(engine.evaluate(errors(0.2), at: at(20)).isEmpty)
    }

    @Test func `what is gone ends at once, and alone`() {
        var engine = engine { $0.duration = .zero }
        _ = engine.evaluate(errors(0.2, "kept") + errors(0.2, "gone"), at: at(0))
        let told = engine.drop(at: at(10)) { condition, kind in condition.subject == "gone" && kind == .errorRate }
        #expect(told.map(\.occasion) == [.dropped] && told.map(\.subject) == ["gone"])
        #expect(engine.all.map(\.subject) == ["kept"])
    }

    @Test func `no more subjects are looked after than the limit says`() {
        var limits = AlertEngineLimits()
        limits.conditions = 3
        var rule = AlertRule(id: "errors", kind: .errorRate)
        rule.duration = .zero
        rule.recovery = .zero
        var engine = AlertEngine(rules: [rule], limits: limits)
        let many = (0..<10).flatMap { errors(0.5, "s\($0)") }
        #expect(engine.evaluate(many, at: at(0)).count == 3)
        #expect(engine.all.count == 3 && engine.overlooked == 7)
        // What rests gives way.
        _ = engine.evaluate(errors(0, "s0"), at: at(1))
        #expect(engine.evaluate(errors(0.5, "s9"), at: at(2)).count == 1)
        #expect(engine.all.count == 3)
    }

    @Test func `a restart goes on where the last process stopped`() throws {
        var first = engine { $0.repeatInterval = .seconds(3_600) }
        _ = first.evaluate(errors(0.2, "a"), at: at(0))
        let fired = first.evaluate(errors(0.2, "a") + errors(0.2, "b"), at: at(300))
        var second = AlertEngine(rules: first.rules)
        try second.restore(first.stateJSON, at: at(400))
        #expect(second.all.map(\.subject) == ["a", "b"])
        // "a" is not told again, "b" goes on from when it began, and the incident is the same.
        #expect(second.evaluate(errors(0.2, "a") + errors(0.2, "b"), at: at(600)).map(\.subject) == ["b"])
        _ = second.evaluate(errors(0, "a"), at: at(700))
        let end = second.evaluate(errors(0, "a"), at: at(1_000))
        #expect(end.first?.incident == fired.first?.incident)
        #expect(end.first?.lasted == .seconds(1_000))
    }

    @Test func `after a long pause pending things begin anew and firing ones are awaited`() throws {
        var first = engine()
        _ = first.evaluate(errors(0.2, "firing"), at: at(0))
        _ = first.evaluate(errors(0.2, "firing") + errors(0.2, "pending"), at: at(300))
        var second = AlertEngine(rules: first.rules)
        try second.restore(first.stateJSON, at: at(90_000))
        #expect(second.all.map(\.subject) == ["firing"])
        #expect(second.evaluate([], at: at(90_060)).isEmpty)
        #expect(second.evaluate([], at: at(90_900)).map(\.occasion) == [.dropped])
    }

    @Test func `a state that cannot be read is refused, and odd entries are passed over`() throws {
        var engine = engine()
        #expect(throws: (any Error).self) { try engine.restore(Array("{".utf8), at: start) }
        let odd = #"{"conditions":[1,{},{"rule":"r","subject":"s","phase":"?","since_us":1,"seen_us":1}]}"#
        try engine.restore(Array(odd.utf8), at: start)
        let huge =
            #"{"conditions":[{"rule":"errors","subject":"s","phase":"firing","since_us":9223372036854775807,"#
            + #""seen_us":-9223372036854775808,"told_us":0,"figure":1,"tellings":-5,"firings_us":[9e18]}]}"#
        try engine.restore(Array(huge.utf8), at: start)
        #expect(engine.all.map(\.subject) == ["s"])
        #expect(engine.evaluate(errors(0.2, "s"), at: start).map(\.occasion) == [.repeated])
    }

    @Test func `a clock that is set back neither traps nor stops anything`() {
        var engine = engine()
        _ = engine.evaluate(errors(0.2), at: at(10_000))
        #expect(engine.evaluate(errors(0.2), at: at(0)).isEmpty)
        #expect(engine.evaluate(errors(0.2), at: at(300)).map(\.occasion) == [.fired])
    }

    @Test(arguments: 0..<20) func `incidents begin and end in turn whatever is observed`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var engine = engine { $0.duration = .seconds(Int.random(in: 0...120, using: &random)) }
        var open: [String: String] = [:]
        var clock = start
        for _ in 0..<400 {
            clock = clock.advanced(by: .seconds(Int.random(in: 1...200, using: &random)))
            let seen = ["a", "b", "c"].filter { _ in Bool.random(using: &random) }
                .flatMap { errors(Double.random(in: 0...0.1, using: &random), $0) }
            for alert in engine.evaluate(seen, at: clock) {
                switch alert.occasion {
                case .fired:
                    #expect(open[alert.subject] == nil)
                    open[alert.subject] = alert.incident
                case .repeated: #expect(open[alert.subject] == alert.incident)
                case .resolved, .dropped:
                    #expect(open[alert.subject] == alert.incident)
                    open[alert.subject] = nil
                }
                #expect(alert.since <= alert.at)
            }
        }
    }
}
