package import SiraCore
package import SiraTenancy

/// What was seen of one thing at one time.
package struct AlertObservation: Hashable, Sendable {
    package var kind: AlertKind
    /// What it is about, for people and for telling one thing from another: a scope, a provider's name, a key's.
    package var subject: String
    /// What it is about, for rules of one scope; nil for what has none, such as the journal.
    package var scope: Scope?
    /// In the unit of the kind.
    package var figure: Double
    /// What the figure is measured against, in words: `$81.20 of $100.00`; empty where it speaks for itself.
    package var basis: String
    /// Of how many requests the figure is made; nil where that is of no matter.
    package var sample: Int?
    /// What else helps to understand it.
    package var facts: [AlertFact]

    package init(
        _ kind: AlertKind,
        subject: String,
        scope: Scope? = nil,
        figure: Double,
        basis: String = "",
        sample: Int? = nil,
        facts: [AlertFact] = []
    ) {
        self.kind = kind
        self.subject = subject
        self.scope = scope
        self.figure = figure
        self.basis = basis
        self.sample = sample
        self.facts = facts
    }
}

/// Something that helps to understand an alert.
package struct AlertFact: Hashable, Sendable {
    /// In English; those that ``AlertWords`` knows are translated.
    package var label: String
    package var text: String

    package init(_ label: String, _ text: String) {
        self.label = label
        self.text = text
    }
}

extension AlertObservation {
    /// How much of a budget is spent; nil where the budget is nothing.
    package static func budget(
        _ scope: Scope,
        named subject: String? = nil,
        spent: NanoUSD,
        of amount: NanoUSD
    ) -> AlertObservation? {
        share(.budgetThreshold, scope, subject, spent, amount)
    }

    /// How much of a budget will be spent at the end of its period; nil where the budget is nothing.
    package static func forecast(
        _ scope: Scope,
        named subject: String? = nil,
        expected: NanoUSD,
        of amount: NanoUSD
    ) -> AlertObservation? {
        share(.forecastOverBudget, scope, subject, expected, amount)
    }

    private static func share(
        _ kind: AlertKind,
        _ scope: Scope,
        _ subject: String?,
        _ part: NanoUSD,
        _ whole: NanoUSD
    ) -> AlertObservation? {
        guard whole.nanos > 0 else { return nil }
        return AlertObservation(
            kind,
            subject: subject ?? scope.description,
            scope: scope,
            figure: Double(part.nanos) / Double(whole.nanos),
            basis: "\(AlertFigure.dollars(part)) / \(AlertFigure.dollars(whole))"
        )
    }

    /// How many of the requests failed; nil where there were none.
    package static func errors(
        _ failed: Int,
        of requests: Int,
        subject: String,
        scope: Scope? = nil
    ) -> AlertObservation? {
        guard requests > 0 else { return nil }
        return AlertObservation(
            .errorRate,
            subject: subject,
            scope: scope,
            figure: Double(failed) / Double(requests),
            basis: "\(failed) / \(requests)",
            sample: requests
        )
    }

    /// By how much the cache's hit rate has fallen against `before`, a share of 1; nil where nothing was hit before.
    package static func cacheHits(
        _ hits: Int,
        of requests: Int,
        before: Double,
        subject: String,
        scope: Scope? = nil
    ) -> AlertObservation? {
        guard requests > 0, before > 0 else { return nil }
        let now = Double(hits) / Double(requests)
        return AlertObservation(
            .cacheHitDrop,
            subject: subject,
            scope: scope,
            figure: (before - now) / before,
            basis: "\(AlertFigure.percent(now)) / \(AlertFigure.percent(before))",
            sample: requests
        )
    }

    /// Whether a provider answers.
    package static func provider(_ name: String, isDown: Bool, facts: [AlertFact] = []) -> AlertObservation {
        AlertObservation(
            .providerDown,
            subject: name,
            scope: Scope(.provider, name),
            figure: isDown ? 1 : 0,
            facts: facts
        )
    }
}
