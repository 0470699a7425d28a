/// What is logged, and how.
package struct LoggingSettings: Hashable, Sendable {
    package var level = Level.info
    package var format = Format.text
    /// Whether each request gets a line.
    package var requests = true
    package var bodies = BodyLoggingSettings()

    /// The least important level that is logged.
    package enum Level: String, Hashable, Sendable, CaseIterable {
        case trace, debug, info, notice, warning, error, critical
    }

    /// How a line of the log is written.
    package enum Format: String, Hashable, Sendable, CaseIterable {
        case text, json
    }

    package init() {}
}

/// Whether requests and answers themselves are logged.
package struct BodyLoggingSettings: Hashable, Sendable {
    package var isEnabled = false
    /// Bytes that are kept of each.
    package var maxBytes = 16_384

    package init() {}
}
