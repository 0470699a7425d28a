import Logging
import Synchronization

/// What has been logged.
final class Recorder: Sendable {
    let lines = Mutex<[String]>([])
}

/// Writes log lines into a recorder, each as its level and message.
struct RecordingHandler: LogHandler {
    let recorder: Recorder
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        recorder.lines.withLock { $0.append("\(event.level): \(event.message)") }
    }
}
