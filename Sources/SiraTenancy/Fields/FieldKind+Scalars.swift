package import SiraCore
import SiraJSON

extension FieldKind where Value == String {
    /// Text of so many bytes, without control characters.
    package static func text(_ length: ClosedRange<Int> = 0...1_000) -> Self {
        FieldKind(
            .text(length: length, format: nil),
            read: { json throws(FieldProblem) in
                guard let text = json.string else { throw FieldProblem("", "must be a text") }
                guard length.contains(text.utf8.count) else {
                    let bounds =
                        length.lowerBound == 0
                        ? "at most \(length.upperBound)" : "\(length.lowerBound) to \(length.upperBound)"
                    throw FieldProblem("", "must have \(bounds) bytes, and has \(text.utf8.count)")
                }
                guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
                    throw FieldProblem("", "must not hold control characters")
                }
                return text
            },
            write: { $1.element($0) }
        )
    }

    /// The id of a resource of that kind.
    package static func id(of kind: ResourceKind) -> Self {
        var field = FieldKind(
            .reference(kind),
            read: { json throws(FieldProblem) in
                guard let text = json.string, kind.isID(text) else {
                    throw FieldProblem("", "must be the id of a \(kind.noun), such as \(kind.exampleID)")
                }
                return text
            },
            write: { $1.element($0) }
        )
        field.references = { [ResourceReference(kind: kind, id: $0)] }
        return field
    }
}

extension FieldKind where Value == Secret {
    /// Text that is taken and never shown.
    package static func secret(_ length: ClosedRange<Int> = 1...4_000) -> Self {
        FieldKind<String>.text(length).map({ Secret($0) }, orSay: "must be a text", back: { $0.reveal() })
    }
}

extension FieldKind where Value == Int64 {
    package static func integer(_ range: ClosedRange<Int64>) -> Self {
        FieldKind(
            .integer(range),
            read: { json throws(FieldProblem) in
                guard let number = json.integer, range.contains(number) else {
                    throw FieldProblem("", "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
                }
                return number
            },
            write: { $1.element($0) }
        )
    }
}

extension FieldKind where Value == Int {
    package static func integer(_ range: ClosedRange<Int>) -> Self {
        FieldKind<Int64>.integer(Int64(range.lowerBound)...Int64(range.upperBound))
            .map({ Int($0) }, orSay: "is too large", back: { Int64($0) })
    }
}

extension FieldKind where Value == Bool {
    package static var boolean: Self {
        FieldKind(
            .boolean,
            read: { json throws(FieldProblem) in
                guard let value = json.bool else { throw FieldProblem("", "must be true or false") }
                return value
            },
            write: { $1.element($0) }
        )
    }
}

extension FieldKind where Value == NanoUSD {
    /// Decimal dollars with at most nine digits after the point, as text or number.
    ///
    /// - Parameter signed: whether it may be negative.
    package static func money(signed: Bool = false) -> FieldKind<NanoUSD> {
        FieldKind(
            .money(signed: signed),
            read: { json throws(FieldProblem) in
                let text = json.string ?? (json.kind == .number ? json.rawJSON.description : "")
                guard let amount = NanoUSD(decimal: text) else {
                    throw FieldProblem(
                        "",
                        "must be decimal dollars such as \"12.50\", with at most nine digits after the point"
                    )
                }
                guard signed || amount >= .zero else { throw FieldProblem("", "must not be negative") }
                return amount
            },
            write: { $1.element($0.description) }
        )
    }
}

extension FieldKind where Value == Timestamp {
    /// A time of RFC 3339 or a day.
    package static var time: Self {
        FieldKind(
            .text(length: 10...35, format: "date-time"),
            read: { json throws(FieldProblem) in
                guard let text = json.string, let time = Timestamp(iso8601: text) else {
                    throw FieldProblem("", "must be a time such as 2026-11-21T08:00:00Z")
                }
                return time
            },
            write: { $1.element($0.description) }
        )
    }
}

extension FieldKind where Value == Scope {
    /// A scope as ``Scope/description`` writes it.
    package static var scope: Self {
        var field = FieldKind<String>.text(1...300).map(
            { Scope($0) },
            orSay: "must be gateway, or a kind and a name such as team:team_0123456789A, model:gpt-5-mini or user:*",
            back: \.description
        )
        field.references = { scope in
            guard !scope.isEach, let kind = scope.kind.resource else { return [] }
            return [ResourceReference(kind: kind, id: scope.name)]
        }
        return field
    }
}

extension FieldKind where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the cases, by its raw value.
    package static var word: Self {
        let words = Value.allCases.map(\.rawValue)
        return FieldKind(
            .word(words),
            read: { json throws(FieldProblem) in
                guard let text = json.string, let value = Value(rawValue: text) else {
                    throw FieldProblem("", "must be one of \(words.joined(separator: ", "))")
                }
                return value
            },
            write: { $1.element($0.rawValue) }
        )
    }
}

extension FieldKind where Value == RequestPriority {
    package static var priority: Self {
        let words = RequestPriority.allCases.map(\.label)
        return FieldKind(
            .word(words),
            read: { json throws(FieldProblem) in
                guard let text = json.string, let value = RequestPriority(label: text) else {
                    throw FieldProblem("", "must be one of \(words.joined(separator: ", "))")
                }
                return value
            },
            write: { $1.element($0.label) }
        )
    }
}

extension FieldKind where Value == ModelPattern {
    package static var modelPattern: Self {
        FieldKind<String>.text(1...200).map(
            { ModelPattern($0) },
            orSay: "must be the name of a model or a route, with at most one * at its end",
            back: \.description
        )
    }
}
