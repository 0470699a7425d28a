/// How requests wait that limits have no room for.
package struct QueueSettings: Hashable, Sendable {
    /// How many wait at the same time.
    package var size = 10_000
    package var interactiveWait = Duration.seconds(10)
    package var batchWait = Duration.seconds(120)
    package var backgroundWait = Duration.seconds(600)
    /// After so long a request rises by one priority.
    package var ageing = Duration.seconds(30)

    package init() {}
}

extension QueueSettings: SettingsSection {
    static var summary: String {
        "How requests wait that a limit of tenants, models or providers has no room for, instead of being refused."
    }

    static var fields: [Field<Self>] {
        Field(
            "size",
            \.size,
            .integer(1...1_000_000),
            needsRestart: true,
            "How many requests wait at the same time; beyond it the least urgent are sent away."
        )
        Field(
            "interactive_wait",
            \.interactiveWait,
            .duration(.zero ... .seconds(3_600)),
            "How long an interactive request waits at most; 0s refuses at once."
        )
        Field(
            "batch_wait",
            \.batchWait,
            .duration(.zero ... .seconds(86_400)),
            "How long a request of the priority `batch` waits at most."
        )
        Field(
            "background_wait",
            \.backgroundWait,
            .duration(.zero ... .seconds(86_400)),
            "How long a request of the priority `background` waits at most."
        )
        Field(
            "ageing",
            \.ageing,
            .duration(.seconds(1) ... .seconds(86_400)),
            needsRestart: true,
            "After so long a request rises by one priority, so that none waits for ever."
        )
    }
}
