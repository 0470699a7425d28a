/// What the gateway as a whole takes on.
package struct LimitSettings: Hashable, Sendable {
    /// Requests in flight, all clients and providers together.
    package var concurrentRequests = 10_000
    /// How requests wait that limits have no room for.
    package var queue = QueueSettings()

    package init() {}
}

extension LimitSettings: SettingsSection {
    static var summary: String { "What the gateway as a whole takes on." }

    static var fields: [Field<Self>] {
        Field(
            "concurrent_requests",
            \.concurrentRequests,
            .integer(1...1_000_000),
            "Most requests in flight, all clients and providers together. More are answered with 503."
        )
        Field("queue", \.queue, .section(), "How requests wait that a limit has no room for.")
    }
}
