import SiraAlerts
import SiraCore
import SiraTenancy

/// Alerts as an engine makes them.
enum SampleAlert {
    static let start = Timestamp(microseconds: 1_763_700_000_000_000)

    /// One that fires, and what comes of it: told again, and over after twelve minutes.
    static func story(subject: String = "openai", facts: [AlertFact] = [], channels: [String] = ["ops"]) -> [Alert] {
        var rule = AlertRule(id: "errors", name: "Errors", kind: .errorRate, channels: channels)
        rule.duration = .zero
        rule.recovery = .zero
        rule.repeatInterval = .seconds(300)
        var engine = AlertEngine(rules: [rule])
        let bad = AlertObservation(
            .errorRate,
            subject: subject,
            scope: Scope(.provider, subject),
            figure: 0.125,
            basis: "125 / 1000",
            sample: 1_000,
            facts: facts
        )
        var good = bad
        good.figure = 0
        return engine.evaluate([bad], at: start) + engine.evaluate([bad], at: start.advanced(by: .seconds(300)))
            + engine.evaluate([good], at: start.advanced(by: .seconds(720)))
    }

    static func fired(subject: String = "openai", facts: [AlertFact] = [], channels: [String] = ["ops"]) -> Alert {
        story(subject: subject, facts: facts, channels: channels)[0]
    }
}
