/// Streamed answers.
package struct StreamSettings: Hashable, Sendable {
    /// Whether a stream ends with a comment that tells its cost.
    package var costComment = true
    /// Silence after which a comment is sent, so that proxies keep the connection; zero is never.
    package var keepAlive: Duration = .seconds(15)

    package init() {}
}
