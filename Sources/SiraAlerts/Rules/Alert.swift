package import SiraCore
package import SiraTenancy

/// Something that somebody is to be told: that it began, that it goes on, or that it is over.
package struct Alert: Hashable, Sendable {
    /// Why somebody is told.
    package enum Occasion: String, Hashable, Sendable, CaseIterable {
        /// It began.
        case fired
        /// It goes on.
        case repeated
        /// It is over.
        case resolved
        /// It may be over: it is no longer observed, or its rule is gone.
        case dropped
    }

    /// The same for everything that is told of one thing from its beginning to its end.
    package let incident: String
    /// How many times somebody was told of the incident before.
    package let number: Int
    package let occasion: Occasion
    package let rule: String
    /// The rule's name, or its id where it has none.
    package let ruleName: String
    package let kind: AlertKind
    package let severity: AlertSeverity
    package let subject: String
    package let scope: Scope?
    /// The last figure, in the unit of the kind.
    package let figure: Double
    package let threshold: Double
    package let basis: String
    package let facts: [AlertFact]
    /// When it began.
    package let since: Timestamp
    /// When this was said.
    package let at: Timestamp
    /// Whether it has begun and ended so often of late that its end is awaited for longer.
    package let isFlapping: Bool
    /// The ids of the channels that are told.
    package let channels: [String]

    /// Different for each thing that is told, and the same each time that it is sent.
    package var id: String { "\(incident)-\(number)" }

    /// Whether it is the case at the moment.
    package var state: AlertState { occasion == .fired || occasion == .repeated ? .firing : .resolved }

    /// For how long it has been so, or was.
    package var lasted: Duration { .microseconds(max(0, at.microseconds - since.microseconds)) }
}
