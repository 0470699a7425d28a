package import Logging
import SiraCore

/// The backend of swift-log: one JSON object or one text line an event, written by a shared ``LogOutput``.
///
/// Messages are constants and values go into metadata, so that lines can be grouped by message. A ``SiraCore/Secret``
/// prints as `•••` here as everywhere.
package struct StructuredLogHandler: LogHandler {
    package let label: String
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let output: LogOutput
    private var ownLevel: Logger.Level?

    init(label: String, output: LogOutput) {
        self.label = label
        self.output = output
    }

    /// The level set on this logger, or the output's, which may change while the program runs.
    package var logLevel: Logger.Level {
        get { ownLevel ?? output.level }
        set { ownLevel = newValue }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var line = LogLine(
            output.format,
            time: output.clock.now(),
            level: event.level,
            logger: label,
            message: event.message.description
        )
        var fields = metadata
        if let provided = metadataProvider?.get() { fields.merge(provided) { $1 } }
        if let own = event.metadata { fields.merge(own) { $1 } }
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) { line.field(dynamic: name, value) }
        if let error = event.error { line.field("error", String(describing: error)) }
        output.emit(line.finished())
    }
}
