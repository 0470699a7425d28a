import Logging
package import SiraCore

/// What the access log says of one finished request: who, what, how it went and what it cost.
///
/// Never bodies or keys.
package struct AccessEntry: Sendable {
    package var request: RequestID
    /// The key's id and name; empty when the request carried none that is known.
    package var key = ""
    package var keyName = ""
    package var operation = ""
    /// The model's name as the client wrote it.
    package var requestedModel = ""
    /// Provider and model that answered, or were asked last; empty when none was.
    package var provider = ""
    package var model = ""
    /// The HTTP status that the client was given.
    package var status = 200
    package var outcome = Outcome.ok
    package var code: ErrorCode?
    package var attempts = 0
    package var isStream = false
    /// Microseconds, as in ``FinishedRequest``.
    package var duration: Int64 = 0
    package var addedLatency: Int64 = 0
    package var timeToFirstToken: Int64?
    package var usage = Usage()
    package var usageBasis = UsageBasis.none
    /// Nil when not known.
    package var cost: NanoUSD?

    package init(request: RequestID) {
        self.request = request
    }

    /// How loud the line is: our own failures are errors, a provider's are warnings.
    var level: Logger.Level {
        switch outcome {
        case .gatewayError: .error
        case .upstreamError: .warning
        case .ok, .clientError, .limited, .blocked, .cancelled: .info
        }
    }
}

extension LogOutput {
    /// Appends one line for a finished request, unless ``writesAccess`` is off or the level is too low.
    ///
    /// The lane hands its lines over many at a time (``emit(_:)``).
    package func append(_ entry: AccessEntry, to lines: inout [UInt8]) {
        guard writesAccess, entry.level >= level else { return }
        var line = LogLine(
            format,
            time: clock.now(),
            level: entry.level,
            logger: "sira.access",
            message: "request finished"
        )
        line.field("request", entry.request.description)
        if !entry.key.isEmpty { line.field("key", entry.key) }
        if !entry.keyName.isEmpty { line.field("key_name", entry.keyName) }
        if !entry.operation.isEmpty { line.field("operation", entry.operation) }
        if !entry.requestedModel.isEmpty { line.field("requested_model", entry.requestedModel) }
        if !entry.provider.isEmpty { line.field("provider", entry.provider) }
        if !entry.model.isEmpty { line.field("model", entry.model) }
        line.field("status", entry.status)
        line.field("outcome", entry.outcome.label)
        if let code = entry.code { line.field("code", code.rawValue) }
        line.field("attempts", entry.attempts)
        line.field("stream", entry.isStream)
        line.field("duration_us", entry.duration)
        line.field("added_us", entry.addedLatency)
        if let time = entry.timeToFirstToken { line.field("first_token_us", time) }
        if entry.usageBasis != .none {
            line.field("input_tokens", entry.usage.input)
            line.field("output_tokens", entry.usage.output)
            line.field("usage", entry.usageBasis.label)
        }
        if let cost = entry.cost { line.field("cost_usd", cost.description) }
        lines += line.finished()
    }
}
