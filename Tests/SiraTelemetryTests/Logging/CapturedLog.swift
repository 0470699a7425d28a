import Logging
import SiraCore
import SiraTelemetry
import Synchronization

/// Keeps log lines for a test to look at; its clock stands still.
final class CapturedLog: Sendable {
    private let kept = Mutex<[String]>([])

    var lines: [String] { kept.withLock { $0 } }

    func output(_ format: LogFormat, level: Logger.Level = .info) -> LogOutput {
        let clock = GatewayClock(now: { Timestamp(microseconds: 1_763_700_000_123_000) }, uptime: { 0 })
        return LogOutput(format: format, level: level, clock: clock) { line in
            self.kept.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
        }
    }
}
