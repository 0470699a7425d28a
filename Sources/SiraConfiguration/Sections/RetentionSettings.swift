/// How long the books keep what.
package struct RetentionSettings: Hashable, Sendable {
    /// Rows of single requests.
    package var requests = KeepingTime.limited(.seconds(400 * 86_400))
    /// Sums by minute.
    package var minutes = KeepingTime.limited(.seconds(14 * 86_400))
    /// Sums by hour.
    package var hours = KeepingTime.limited(.seconds(400 * 86_400))
    /// Sums by day.
    package var days = KeepingTime.forever

    package init() {}
}

/// How long something is kept.
package enum KeepingTime: Hashable, Sendable {
    case forever
    case limited(Duration)

    /// Nil is for good.
    package var duration: Duration? {
        guard case .limited(let duration) = self else { return nil }
        return duration
    }
}

extension RetentionSettings: SettingsSection {
    static var summary: String { "How long the database keeps what. Older lines are deleted in the background." }

    static var fields: [Field<Self>] {
        Field(
            "requests",
            \.requests,
            .keepingTime,
            needsRestart: true,
            "The row of each request and attempt, which `sira logs` shows. Sums go on counting what is deleted here."
        )
        Field("minutes", \.minutes, .keepingTime, needsRestart: true, "Sums by minute.")
        Field("hours", \.hours, .keepingTime, needsRestart: true, "Sums by hour, which `sira usage` reads.")
        Field("days", \.days, .keepingTime, needsRestart: true, "Sums by day, which `sira usage --by day` reads.")
    }
}
