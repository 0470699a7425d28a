package import SiraJSON
import SiraTenancy

extension AlertRule {
    /// Writes all of it as members of an object, as it is kept and as the API shows it.
    package func write(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("name", name)
        json.member("kind", kind.rawValue)
        json.member("threshold", threshold)
        json.member("for_seconds", duration.inSeconds)
        json.member("recovery_seconds", recovery.inSeconds)
        json.member("hysteresis", hysteresis)
        json.member("least_requests", leastSample)
        if let scope { json.member("scope", scope.description) } else { json.null("scope") }
        json.member("severity", severity.rawValue)
        json.array("channels") { list in
            for channel in channels { list.element(channel) }
        }
        if let repeatInterval {
            json.member("repeat_seconds", repeatInterval.inSeconds)
        } else {
            json.null("repeat_seconds")
        }
        json.member("enabled", isEnabled)
    }

    /// Reads a rule; what is left out is what is usual for its kind.
    package init(json: JSONValue) throws(AlertRuleError) {
        guard json.kind == .object else { throw AlertRuleError("rule", "must be an object") }
        for (key, _) in json.members {
            let name = key.string ?? ""
            guard Self.fields.contains(name) else {
                throw AlertRuleError(name, "is unknown; known are \(Self.fields.joined(separator: ", "))")
            }
        }
        guard let id = json["id"]?.string, (1...128).contains(id.utf8.count) else {
            throw AlertRuleError("id", "must be a text of up to 128 bytes")
        }
        guard let kind = (json["kind"]?.string).flatMap({ AlertKind(rawValue: $0) }) else {
            let kinds = AlertKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw AlertRuleError("kind", "must be one of \(kinds)")
        }
        self.init(id: id, kind: kind)
        if let name = json.present("name") { self.name = try Self.text(name, "name") }
        if let scope = json.present("scope") {
            guard let read = scope.string.flatMap({ Scope($0) }) else {
                throw AlertRuleError("scope", "must be \"gateway\", or kind and name such as \"team:*\"")
            }
            self.scope = read
        }
        if let severity = json.present("severity") {
            guard let read = severity.string.flatMap({ AlertSeverity(rawValue: $0) }) else {
                throw AlertRuleError("severity", "must be info, warning or critical")
            }
            self.severity = read
        }
        try readFigures(json)
        if let channels = json.present("channels") {
            guard channels.kind == .array else { throw AlertRuleError("channels", "must be a list of ids") }
            var ids: [String] = []
            for channel in channels.elements { ids.append(try Self.text(channel, "channels")) }
            guard ids.count <= 20 else { throw AlertRuleError("channels", "must be 20 at most") }
            self.channels = ids
        }
        if let enabled = json.present("enabled") {
            guard let read = enabled.bool else { throw AlertRuleError("enabled", "must be true or false") }
            isEnabled = read
        }
    }

    private mutating func readFigures(_ json: JSONValue) throws(AlertRuleError) {
        if let threshold = json.present("threshold") {
            guard let read = threshold.double, read.isFinite else {
                throw AlertRuleError("threshold", "must be a number")
            }
            self.threshold = read
        }
        if let hysteresis = json.present("hysteresis") {
            guard let read = hysteresis.double, (0..<1).contains(read) else {
                throw AlertRuleError("hysteresis", "must be a number from 0 to below 1")
            }
            self.hysteresis = read
        }
        if let least = json.present("least_requests") {
            guard let read = least.integer, (0...1_000_000_000).contains(read) else {
                throw AlertRuleError("least_requests", "must be a whole number of 0 or more")
            }
            leastSample = Int(read)
        }
        if let value = json.present("for_seconds") { duration = try Self.time(value, "for_seconds", least: 0) }
        recovery = duration
        if let value = json.present("recovery_seconds") {
            recovery = try Self.time(value, "recovery_seconds", least: 0)
        }
        if let value = json["repeat_seconds"] {
            repeatInterval = value.isNull ? nil : try Self.time(value, "repeat_seconds", least: 60)
        }
    }

    private static let fields = [
        "id", "name", "kind", "threshold", "for_seconds", "recovery_seconds", "hysteresis", "least_requests", "scope",
        "severity", "channels", "repeat_seconds", "enabled",
    ]

    private static func text(_ json: JSONValue, _ field: String) throws(AlertRuleError) -> String {
        guard let text = json.string, (1...200).contains(text.utf8.count) else {
            throw AlertRuleError(field, "must be a text of up to 200 bytes")
        }
        return text
    }

    private static func time(_ json: JSONValue, _ field: String, least: Int64) throws(AlertRuleError) -> Duration {
        guard let seconds = json.integer, (least...366 * 86_400).contains(seconds) else {
            throw AlertRuleError(field, "must be whole seconds, \(least) or more and a year at most")
        }
        return .seconds(seconds)
    }
}

/// What is wrong with a rule.
package struct AlertRuleError: Error, Hashable, Sendable, CustomStringConvertible {
    package let field: String
    package let reason: String

    init(_ field: String, _ reason: String) {
        self.field = field
        self.reason = reason
    }

    package var description: String { "\(field) \(reason)" }
}

extension Duration {
    /// Whole seconds, rounded towards zero.
    var inSeconds: Int64 { components.seconds }
}
