import SiraCore
package import SiraJSON
import SiraTenancy

extension Alert {
    /// Writes all of it as members of an object, as receivers of webhooks get it.
    package func write(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("incident", incident)
        json.member("number", number)
        json.member("occasion", occasion.rawValue)
        json.member("state", state.rawValue)
        json.member("kind", kind.rawValue)
        json.member("severity", severity.rawValue)
        json.object("rule") {
            $0.member("id", rule)
            $0.member("name", ruleName)
        }
        json.member("subject", subject)
        if let scope { json.member("scope", scope.description) } else { json.null("scope") }
        json.member("figure", figure)
        json.member("threshold", threshold)
        json.member("basis", basis)
        json.array("facts") { AlertFact.write(facts, to: &$0) }
        json.member("since", since.description)
        json.member("since_us", since.microseconds)
        json.member("at", at.description)
        json.member("at_us", at.microseconds)
        json.member("lasted_seconds", lasted.inSeconds)
        json.member("flapping", isFlapping)
    }

    /// Reads what ``write(to:)`` writes; nil for anything else.
    ///
    /// - Parameter channels: who was to be told, which is not part of what is told.
    init?(json: JSONValue, channels: [String]) {
        guard let incident = json["incident"]?.string, let number = json["number"]?.integer,
            let occasion = (json["occasion"]?.string).flatMap({ Occasion(rawValue: $0) }),
            let kind = (json["kind"]?.string).flatMap({ AlertKind(rawValue: $0) }),
            let severity = (json["severity"]?.string).flatMap({ AlertSeverity(rawValue: $0) }),
            let rule = json["rule"]?["id"]?.string, let subject = json["subject"]?.string,
            let figure = json["figure"]?.double, let threshold = json["threshold"]?.double,
            let since = Timestamp(member: "since_us", of: json), let at = Timestamp(member: "at_us", of: json)
        else { return nil }
        self.init(
            incident: incident,
            number: Int(clamping: number),
            occasion: occasion,
            rule: rule,
            ruleName: json["rule"]?["name"]?.string ?? rule,
            kind: kind,
            severity: severity,
            subject: subject,
            scope: (json["scope"]?.string).flatMap { Scope($0) },
            figure: figure,
            threshold: threshold,
            basis: json["basis"]?.string ?? "",
            facts: AlertFact.read(json["facts"]),
            since: since,
            at: at,
            isFlapping: json["flapping"]?.bool ?? false,
            channels: channels
        )
    }
}
