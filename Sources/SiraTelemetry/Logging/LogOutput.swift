package import Logging
package import SiraCore
import Synchronization

/// How log lines look.
package enum LogFormat: String, Sendable, CaseIterable {
    /// One JSON object a line, for machines.
    case json
    /// Time, level, logger, message and `key=value` pairs, for people.
    case text
}

/// Where all log lines of the process go, and from which level on.
///
/// Each line is handed over whole, so that lines of different threads never mix.
package final class LogOutput: Sendable {
    package let format: LogFormat
    let clock: GatewayClock
    private let write: @Sendable ([UInt8]) -> Void
    private let minimum: Atomic<Int>
    private let accessEnabled: Atomic<Bool>

    /// An output to `write`, which is given whole lines with their line feeds, from any thread, and must not wait.
    package init(
        format: LogFormat,
        level: Logger.Level = .info,
        clock: GatewayClock = .system,
        write: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.format = format
        self.clock = clock
        self.write = write
        minimum = Atomic(level.order)
        accessEnabled = Atomic(true)
    }

    /// The lowest level that is written.
    ///
    /// May be changed at any time from any thread.
    package var level: Logger.Level {
        get { Logger.Level.ordered[minimum.load(ordering: .relaxed)] }
        set { minimum.store(newValue.order, ordering: .relaxed) }
    }

    /// Whether ``record(_:)`` writes a line for each request.
    ///
    /// May be changed at any time from any thread.
    package var writesAccess: Bool {
        get { accessEnabled.load(ordering: .relaxed) }
        set { accessEnabled.store(newValue, ordering: .relaxed) }
    }

    /// A handler for `LoggingSystem.bootstrap`.
    package func makeHandler(label: String) -> StructuredLogHandler {
        StructuredLogHandler(label: label, output: self)
    }

    /// Hands over whole lines.
    package func emit(_ lines: [UInt8]) { write(lines) }
}

extension Logger.Level {
    /// All levels from `trace` upwards, made once: the level is asked for by every log statement.
    fileprivate static let ordered = allCases

    /// The level's place in ``ordered``.
    fileprivate var order: Int { Self.ordered.firstIndex(of: self) ?? 0 }
}
