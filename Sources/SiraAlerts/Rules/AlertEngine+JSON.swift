package import SiraCore
package import SiraJSON
import SiraTenancy

extension AlertEngine {
    /// What a later process needs to go on where this one stops, as JSON.
    package var stateJSON: [UInt8] {
        var json = JSONWriter()
        json.object { object in
            object.member("version", 1)
            object.array("conditions") { list in
                for condition in all { list.object { condition.write(to: &$0) } }
            }
        }
        return json.bytes
    }

    /// Goes on where another process stopped.
    ///
    /// Nobody watched in between: what was only pending begins anew if that was for longer than
    /// ``AlertEngineLimits/patience``, and what was firing is awaited for that long.
    ///
    /// - Throws: ``JSONError`` when the state is not JSON. Single conditions that cannot be read are passed over.
    package mutating func restore(_ state: [UInt8], at time: Timestamp) throws {
        try JSONIndexer().read(state, limits: .answer) { root in
            for value in root["conditions"].map({ Array($0.elements) }) ?? [] {
                guard conditions.count < limits.conditions, var condition = AlertCondition(json: value) else {
                    continue
                }
                let isStale = condition.seen.advanced(by: limits.patience) <= time
                if condition.phase == .pending, isStale { continue }
                if condition.phase == .firing { condition.seen = time }
                conditions[Key(rule: condition.rule, subject: condition.subject)] = condition
            }
        }
    }
}

extension AlertCondition {
    /// Writes all of it as members of an object.
    package func write(to json: inout JSONWriter) {
        json.member("rule", rule)
        json.member("subject", subject)
        if let scope { json.member("scope", scope.description) }
        json.member("phase", phase.rawValue)
        json.member("since_us", since.microseconds)
        json.member("seen_us", seen.microseconds)
        if let goodSince { json.member("good_since_us", goodSince.microseconds) }
        json.member("told_us", told.microseconds)
        json.member("tellings", tellings)
        json.array("firings_us") { list in
            for firing in firings { list.element(firing.microseconds) }
        }
        json.member("figure", figure)
        json.member("basis", basis)
        json.array("facts") { AlertFact.write(facts, to: &$0) }
    }

    /// Reads what ``write(to:)`` writes; nil for anything else.
    init?(json: JSONValue) {
        guard let rule = json["rule"]?.string, let subject = json["subject"]?.string,
            let phase = (json["phase"]?.string).flatMap({ Phase(rawValue: $0) }),
            let since = Timestamp(member: "since_us", of: json), let seen = Timestamp(member: "seen_us", of: json),
            let told = Timestamp(member: "told_us", of: json), let figure = json["figure"]?.double
        else { return nil }
        (self.rule, self.subject, self.phase) = (rule, subject, phase)
        (self.since, self.seen, self.told, self.figure) = (since, seen, told, figure)
        scope = (json["scope"]?.string).flatMap { Scope($0) }
        goodSince = Timestamp(member: "good_since_us", of: json)
        tellings = Int(clamping: max(0, json["tellings"]?.integer ?? 0))
        firings = (json["firings_us"].map { Array($0.elements) } ?? []).prefix(100)
            .compactMap { $0.integer.map { Timestamp(bounded: $0) } }
        basis = json["basis"]?.string ?? ""
        facts = AlertFact.read(json["facts"])
    }
}

extension AlertFact {
    static func write(_ facts: [AlertFact], to list: inout JSONWriter) {
        for fact in facts {
            list.object {
                $0.member("label", fact.label)
                $0.member("text", fact.text)
            }
        }
    }

    static func read(_ list: JSONValue?) -> [AlertFact] {
        (list.map { Array($0.elements) } ?? []).prefix(50).compactMap { fact in
            guard let label = fact["label"]?.string, let text = fact["text"]?.string else { return nil }
            return AlertFact(label, text)
        }
    }
}

extension Timestamp {
    /// A time of a number that anybody may have written: within ten thousand years, so that sums stay in range.
    init(bounded microseconds: Int64) {
        self.init(microseconds: min(max(microseconds, 0), 315_537_897_600_000_000))
    }

    init?(member key: StaticString, of json: JSONValue) {
        guard let number = json[key]?.integer else { return nil }
        self.init(bounded: number)
    }
}
