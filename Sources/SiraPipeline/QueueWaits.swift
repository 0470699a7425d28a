import SiraTenancy

/// How long requests wait for room at most, by their priority.
package struct QueueWaits: Hashable, Sendable {
    package var interactive = Duration.seconds(10)
    package var batch = Duration.seconds(120)
    package var background = Duration.seconds(600)

    package init() {}

    subscript(priority: RequestPriority) -> Duration {
        switch priority {
        case .interactive: interactive
        case .batch: batch
        case .background: background
        }
    }
}
