package import SiraCore

/// Decides when somebody is told of what is observed.
///
/// A value without clock, network or randomness. Each pair of rule and subject goes its way by itself:
///
///     (nothing) ── bad ──► pending ── bad for rule.duration ──► firing ── good for rule.recovery ──► resting
///          ▲                  │ good                              ▲                                     │
///          └──────────────────┴───────────────────────────────────┴── bad for rule.duration ◄──────────┘
///
/// What fires ``AlertEngineLimits/flapFirings`` times within ``AlertEngineLimits/flapWindow`` is flapping: its end is
/// believed only once it has been good for ``AlertEngineLimits/calm``, so that people are told of one long incident and
/// not of many short ones.
package struct AlertEngine: Sendable {
    struct Key: Hashable {
        var rule: String
        var subject: String
    }

    package private(set) var rules: [AlertRule]
    package let limits: AlertEngineLimits
    var conditions: [Key: AlertCondition] = [:]
    /// How many times something bad was not looked after because ``AlertEngineLimits/conditions`` was reached.
    package private(set) var overlooked = 0

    package init(rules: [AlertRule], limits: AlertEngineLimits = AlertEngineLimits()) {
        self.rules = rules
        self.limits = limits
    }

    /// What is pending, firing or remembered, by rule and subject.
    package var all: [AlertCondition] {
        conditions.values.sorted { ($0.rule, $0.subject) < ($1.rule, $1.subject) }
    }

    /// Looks at what was observed and gives what somebody is to be told, in the order of rules and subjects.
    ///
    /// Of several observations of one kind and subject the last counts. What was observed before and is not now stays
    /// as it is, until nothing has been seen of it for ``AlertEngineLimits/patience``.
    package mutating func evaluate(_ observations: [AlertObservation], at time: Timestamp) -> [Alert] {
        for key in conditions.keys { conditions[key]?.settle(at: time) }
        var alerts: [Alert] = []
        for rule in rules where rule.isEnabled {
            var latest: [String: AlertObservation] = [:]
            for observation in observations where rule.watches(observation) {
                latest[observation.subject] = observation
            }
            for subject in latest.keys.sorted() {
                guard let observation = latest[subject] else { continue }
                if let alert = look(at: observation, with: rule, at: time) { alerts.append(alert) }
            }
        }
        return alerts + forget(at: time)
    }

    /// Replaces the rules.
    ///
    /// - Returns: what is told of incidents whose rules are gone or switched off.
    package mutating func replaceRules(_ rules: [AlertRule], at time: Timestamp) -> [Alert] {
        let kept = Set(rules.filter(\.isEnabled).map(\.id))
        let alerts = drop(at: time) { condition, _ in !kept.contains(condition.rule) }
        self.rules = rules
        return alerts
    }

    /// Lets go of what is no more, such as a budget that was removed.
    ///
    /// - Parameter isGone: says so of a condition and the kind of its rule, nil for one that there is not.
    /// - Returns: what is told of incidents that end thereby.
    package mutating func drop(at time: Timestamp, where isGone: (AlertCondition, AlertKind?) -> Bool) -> [Alert] {
        var alerts: [Alert] = []
        for (key, condition) in conditions {
            let rule = rules.first { $0.id == key.rule }
            guard isGone(condition, rule?.kind) else { continue }
            conditions[key] = nil
            guard condition.phase == .firing, let rule else { continue }
            alerts.append(alert(.dropped, condition, rule, at: time))
        }
        return alerts.sorted { ($0.rule, $0.subject) < ($1.rule, $1.subject) }
    }

    // MARK: one condition

    private mutating func look(at observation: AlertObservation, with rule: AlertRule, at time: Timestamp) -> Alert? {
        let key = Key(rule: rule.id, subject: observation.subject)
        let reading = rule.reading(of: observation)
        guard var condition = conditions[key] else {
            guard reading == .bad, makeRoom() else { return nil }
            var condition = AlertCondition(rule: rule.id, observation, at: time)
            let alert = step(&condition, reading, rule, at: time)
            conditions[key] = condition
            return alert
        }
        condition.note(observation, at: time)
        let alert = step(&condition, reading, rule, at: time)
        // It has to be bad without a break to fire.
        let isOver = condition.phase == .pending && reading != .bad
        conditions[key] = isOver ? rested(condition, at: time) : condition
        return alert
    }

    private func step(
        _ condition: inout AlertCondition,
        _ reading: AlertRule.Reading,
        _ rule: AlertRule,
        at time: Timestamp
    ) -> Alert? {
        if condition.phase == .resting, reading == .bad {
            condition.phase = .pending
            condition.since = time
            condition.tellings = 0
        }
        switch (condition.phase, reading) {
        case (.pending, .bad):
            guard condition.since.advanced(by: rule.duration) <= time else { return nil }
            condition.phase = .firing
            condition.goodSince = nil
            condition.firings = recent(condition.firings, at: time) + [time]
            return tell(.fired, &condition, rule, at: time)
        case (.firing, .bad):
            condition.goodSince = nil
            guard let interval = rule.repeatInterval, condition.told.advanced(by: interval) <= time else { return nil }
            return tell(.repeated, &condition, rule, at: time)
        case (.firing, .between):
            condition.goodSince = nil
            return nil
        case (.firing, .good):
            let start = condition.goodSince ?? time
            condition.goodSince = start
            let wait = isFlapping(condition, at: time) ? max(rule.recovery, limits.calm) : rule.recovery
            guard start.advanced(by: wait) <= time else { return nil }
            defer { condition.phase = .resting }
            return tell(.resolved, &condition, rule, at: time)
        default:
            return nil
        }
    }

    private func tell(
        _ occasion: Alert.Occasion,
        _ condition: inout AlertCondition,
        _ rule: AlertRule,
        at time: Timestamp
    ) -> Alert {
        defer {
            condition.told = time
            condition.tellings += 1
        }
        return alert(occasion, condition, rule, at: time)
    }

    private func alert(
        _ occasion: Alert.Occasion,
        _ condition: AlertCondition,
        _ rule: AlertRule,
        at time: Timestamp
    ) -> Alert {
        Alert(
            incident: condition.incident,
            number: condition.tellings,
            occasion: occasion,
            rule: rule.id,
            ruleName: rule.name.isEmpty ? rule.id : rule.name,
            kind: rule.kind,
            severity: rule.severity,
            subject: condition.subject,
            scope: condition.scope,
            figure: condition.figure,
            threshold: rule.threshold,
            basis: condition.basis,
            facts: condition.facts,
            since: condition.since,
            at: time,
            isFlapping: isFlapping(condition, at: time),
            channels: rule.channels
        )
    }

    // MARK: flapping and forgetting

    private func recent(_ firings: [Timestamp], at time: Timestamp) -> [Timestamp] {
        firings.filter { $0.advanced(by: limits.flapWindow) > time }.suffix(limits.flapFirings)
    }

    private func isFlapping(_ condition: AlertCondition, at time: Timestamp) -> Bool {
        recent(condition.firings, at: time).count >= limits.flapFirings
    }

    /// The condition as it rests, or nil where nothing of it need be remembered.
    private func rested(_ condition: AlertCondition, at time: Timestamp) -> AlertCondition? {
        var condition = condition
        condition.phase = .resting
        condition.firings = recent(condition.firings, at: time)
        return condition.firings.isEmpty ? nil : condition
    }

    /// Lets go of what has not been seen for long, and of what has rested for long enough.
    private mutating func forget(at time: Timestamp) -> [Alert] {
        var alerts: [Alert] = []
        for (key, condition) in conditions {
            if condition.phase == .resting {
                conditions[key] = rested(condition, at: time)
                continue
            }
            guard condition.seen.advanced(by: limits.patience) <= time else { continue }
            conditions[key] = rested(condition, at: time)
            guard condition.phase == .firing, let rule = rules.first(where: { $0.id == key.rule }) else { continue }
            alerts.append(alert(.dropped, condition, rule, at: time))
        }
        return alerts.sorted { ($0.rule, $0.subject) < ($1.rule, $1.subject) }
    }

    /// Whether there is room for one more; what rests gives way to what is bad.
    private mutating func makeRoom() -> Bool {
        guard conditions.count >= limits.conditions else { return true }
        let resting = conditions.filter { $0.value.phase == .resting }.min { $0.value.seen < $1.value.seen }
        guard let key = resting?.key else {
            overlooked += 1
            return false
        }
        conditions[key] = nil
        return true
    }
}

/// What an ``AlertEngine`` holds itself to.
package struct AlertEngineLimits: Hashable, Sendable {
    /// Pairs of rule and subject that are looked after at once.
    package var conditions = 2_000
    /// How long something may go unobserved before it is let go.
    package var patience = Duration.seconds(900)
    /// As many firings within ``flapWindow`` make something flapping.
    package var flapFirings = 3
    package var flapWindow = Duration.seconds(3_600)
    /// How long something that flaps must be good before that is believed.
    package var calm = Duration.seconds(1_800)

    package init() {}
}
