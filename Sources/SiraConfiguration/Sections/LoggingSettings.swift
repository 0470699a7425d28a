/// What is logged, and how.
package struct LoggingSettings: Hashable, Sendable {
    /// What is less important is not logged.
    package var level = Level.info
    /// How lines are written.
    package var format = Format.text
    /// Whether each request gets a line.
    package var requests = true
    /// Whether requests and answers themselves are logged.
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
    /// Off unless asked for, because bodies hold what people write.
    package var isEnabled = false
    /// Bytes that are kept of each.
    package var maxBytes = 16_384

    package init() {}
}

extension LoggingSettings: SettingsSection {
    static var summary: String { "What is logged, and how." }

    static var fields: [Field<Self>] {
        Field("level", \.level, .word, variable: "SIRA_LOG_LEVEL", "The least important level that is logged.")
        Field("format", \.format, .word, needsRestart: true, "Lines for people, or JSON for machines.")
        Field("requests", \.requests, .flag, "Whether each request gets a line.")
        Field("bodies", \.bodies, .section(), "Whether requests and answers themselves are logged.")
    }
}

extension BodyLoggingSettings: SettingsSection {
    static var summary: String { "Whether requests and answers themselves are logged." }

    static var fields: [Field<Self>] {
        Field("enabled", \.isEnabled, .flag, "Logs what people write and what models answer. Think of who reads logs.")
        Field("max_bytes", \.maxBytes, .size(1...16_777_216), "Most bytes that are logged of each body.")
    }
}
