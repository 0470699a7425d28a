package import SiraTenancy

/// When somebody is told of something, and who.
package struct AlertRule: Hashable, Sendable {
    package let id: String
    package var name: String
    package var kind: AlertKind
    /// In the unit of the kind; which side of it is bad says ``AlertKind/side``.
    package var threshold: Double
    /// How long a figure must be bad before anybody is told; zero for at once.
    package var duration: Duration
    /// How long a figure must be good before it counts as over.
    package var recovery: Duration
    /// How far back past the threshold a figure must be to count as good, as a share of the threshold.
    ///
    /// So that a figure that sways about the threshold does not fire and resolve in turn.
    package var hysteresis: Double
    /// Of how many requests a figure must be made to count at all.
    package var leastSample: Int
    /// What it is about; nil for everything that is observed, `team:*` for each team by itself.
    package var scope: Scope?
    package var severity: AlertSeverity
    /// The ids of the channels that are told.
    package var channels: [String]
    /// After how long somebody is told again of what goes on; nil for never.
    package var repeatInterval: Duration?
    package var isEnabled: Bool

    /// A rule with what is usual for its kind.
    package init(id: String, name: String = "", kind: AlertKind, scope: Scope? = nil, channels: [String] = []) {
        self.id = id
        self.name = name
        self.kind = kind
        self.scope = scope
        self.channels = channels
        threshold = kind.usualThreshold
        duration = kind.usualDuration
        recovery = kind.usualDuration
        hysteresis = kind.unit == .state ? 0 : 0.1
        leastSample = kind.usualSample
        severity = kind.usualSeverity
        repeatInterval = .seconds(4 * 3_600)
        isEnabled = true
    }
}

extension AlertRule {
    /// What an observation means for the rule.
    enum Reading: Hashable {
        case bad, good
        /// Back across the threshold, but not far enough to be good, or made of too few requests to tell.
        case between
    }

    /// Whether the rule looks at the observation at all.
    func watches(_ observation: AlertObservation) -> Bool {
        guard isEnabled, observation.kind == kind, observation.figure.isFinite else { return false }
        guard let scope else { return true }
        guard let other = observation.scope else { return false }
        return scope.isEach ? scope.kind == other.kind : scope == other
    }

    func reading(of observation: AlertObservation) -> Reading {
        // Too few requests to be bad are no reason to go on calling it bad either.
        if let sample = observation.sample, sample < leastSample { return .good }
        let margin = abs(threshold) * max(0, hysteresis)
        let figure = observation.figure
        switch kind.side {
        case .over:
            if figure > threshold { return .bad }
            return figure <= threshold - margin ? .good : .between
        case .reaching:
            if figure >= threshold { return .bad }
            return figure < threshold - margin || margin == 0 ? .good : .between
        case .under:
            if figure < threshold { return .bad }
            return figure >= threshold + margin ? .good : .between
        }
    }
}
