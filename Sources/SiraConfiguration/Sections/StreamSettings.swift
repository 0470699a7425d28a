/// Streamed answers.
package struct StreamSettings: Hashable, Sendable {
    /// Whether a stream ends with a comment that tells its cost.
    package var costComment = true
    /// Silence after which a comment is sent, so that proxies keep the connection; zero is never.
    package var keepAlive: Duration = .seconds(15)

    package init() {}
}

extension StreamSettings: SettingsSection {
    static var summary: String { "Streamed answers." }

    static var fields: [Field<Self>] {
        Field(
            "cost_comment",
            \.costComment,
            .flag,
            "Whether a stream ends with a comment that tells its cost. Clients skip comments."
        )
        Field(
            "keep_alive",
            \.keepAlive,
            .duration(.zero ... .seconds(3_600)),
            "Silence after which a comment is sent, so that proxies keep the connection open. `0s` is never."
        )
    }
}
