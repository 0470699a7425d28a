package import SiraStorage
package import SiraTenancy

/// A rule as an operator sets it; what is left out is what is usual for its kind.
package struct AlertRuleTerms: Resource {
    package static let kind = ResourceKind.alertRule
    package static let summary = "When somebody is told of something, and who."

    package var name = ""
    package var watched = AlertKind.errorRate
    /// In billionths of the unit of the kind.
    package var threshold: Int64?
    package var duration: Int?
    package var recovery: Int?
    package var hysteresis: Int64?
    package var leastSample: Int?
    package var scope: Scope?
    package var severity: AlertSeverity?
    package var channels: [String] = []
    package var repeatSeconds = 4 * 3_600
    package var isEnabled = true

    package init() {}

    private static let year = 366 * 86_400

    package static var fields: [GroupField<Self>] {
        GroupField("name", \.name, .text(0...200), "What people call it.")
        GroupField("kind", \.watched, .word, isRequired: true, isFixed: true, "What it watches.")
        GroupField(
            "threshold",
            \.threshold,
            .decimal(0...Int64.max),
            "From which figure on it is bad, in the unit of the kind; 0.05 is 5 % where it is a share."
        )
        GroupField("for_seconds", \.duration, .integer(0...year), "How long it must be bad before anybody is told.")
        GroupField(
            "recovery_seconds",
            \.recovery,
            .integer(0...year),
            "How long it must be good before it counts as over."
        )
        GroupField(
            "hysteresis",
            \.hysteresis,
            .decimal(0...999_999_999),
            "How far back past the threshold it must be, as a share of the threshold."
        )
        GroupField(
            "least_requests",
            \.leastSample,
            .integer(0...1_000_000_000),
            "Of how many requests a figure must be made to count."
        )
        GroupField(
            "scope",
            \.scope,
            .scope,
            "What it is about, such as team:*; everything that is observed without it."
        )
        GroupField("severity", \.severity, .word, "How urgent it is.")
        GroupField("channels", \.channels, .list(.id(of: .alertChannel), 0...20), "Where people are told.")
        GroupField(
            "repeat_seconds",
            \.repeatSeconds,
            .integer(0...year),
            "After how long people are told again of what goes on; 0 is never."
        )
        GroupField("enabled", \.isEnabled, .boolean, "Whether it is looked at.")
    }

    package var contradictions: [FieldProblem] {
        (1..<60).contains(repeatSeconds) ? [FieldProblem("repeat_seconds", "must be 0, or 60 or more")] : []
    }

    /// The rule as the engine knows it.
    package func rule(id: String) -> AlertRule {
        var rule = AlertRule(id: id, name: name, kind: watched, scope: scope, channels: channels)
        if let threshold { rule.threshold = Double(threshold) / 1_000_000_000 }
        if let duration { rule.duration = .seconds(duration) }
        rule.recovery = recovery.map { .seconds($0) } ?? rule.duration
        if let hysteresis { rule.hysteresis = Double(hysteresis) / 1_000_000_000 }
        if let leastSample { rule.leastSample = leastSample }
        if let severity { rule.severity = severity }
        rule.repeatInterval = repeatSeconds == 0 ? nil : .seconds(repeatSeconds)
        rule.isEnabled = isEnabled
        return rule
    }

    /// How the kind is registered.
    package static var type: ResourceType { ResourceType(Self.self) }
}

extension AlertRule {
    /// The rules that hold without anybody making them: one of each kind that no rule about everything is made for.
    ///
    /// - Parameter channels: who is told.
    package static func usual(beside made: [AlertRule], channels: [String]) -> [AlertRule] {
        AlertKind.allCases.filter { kind in !made.contains { $0.kind == kind && $0.scope == nil } }.map { kind in
            AlertRule(id: "usual:\(kind.rawValue)", kind: kind, channels: channels)
        }
    }
}
