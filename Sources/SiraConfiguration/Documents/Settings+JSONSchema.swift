extension Settings {
    /// The file's format as JSON Schema, draft 2020-12, for editors: `docs/sira.schema.json`.
    package static var jsonSchema: String {
        var members: [(key: String, value: OrderedJSON)] = [
            ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
            ("title", .text("sira.yaml")),
        ]
        members += SectionShape.root.schema
        return OrderedJSON.object(members).pretty() + "\n"
    }
}

extension SectionShape {
    /// Null is allowed because a section may stand with all its fields commented out.
    fileprivate var schema: [(key: String, value: OrderedJSON)] {
        var members: [(key: String, value: OrderedJSON)] = [
            ("description", .text(summary)),
            ("type", .array([.text("object"), .text("null")])),
            ("additionalProperties", .literal("false")),
            ("properties", .object(fields.map { ($0.name, .object($0.schema)) })),
        ]
        let required = fields.filter(\.isRequired).map { OrderedJSON.text($0.name) }
        if !required.isEmpty { members.append(("required", .array(required))) }
        return members
    }
}

extension FieldShape {
    fileprivate var schema: [(key: String, value: OrderedJSON)] {
        var members = shape.schema.filter { $0.key != "description" }
        members.insert(("description", .text(summary)), at: 0)
        if let defaultText { members.append(("default", isNumber ? .literal(defaultText) : Self.json(defaultText))) }
        return members
    }

    /// Whether the default is written as a number with a point.
    private var isNumber: Bool {
        guard case .scalar(let scalar) = shape, let defaultText else { return false }
        return scalar.label == ScalarShape.decimalLabel && DecimalNumber.value(defaultText) != nil
    }

    /// A default as JSON: what YAML would take for a number, a truth or an empty collection is one.
    private static func json(_ text: String) -> OrderedJSON {
        let isLiteral = ["true", "false", "[]", "{}"].contains(text) || Int(plainDecimal: text) != nil
        guard !isLiteral else { return .literal(text) }
        let quoted = text.count > 1 && text.first == "\"" && text.last == "\""
        return .text(quoted ? String(text.dropFirst().dropLast()) : text)
    }
}

extension Shape {
    fileprivate var schema: [(key: String, value: OrderedJSON)] {
        switch self {
        case .scalar(let scalar): scalar.schema
        case .list(let element):
            [("type", .array([.text("array"), .text("null")])), ("items", .object(element.schema))]
        case .map(_, let entry):
            [("type", .array([.text("object"), .text("null")])), ("additionalProperties", .object(entry.schema))]
        case .section(let section): section.schema
        case .either(let one, let other): [("anyOf", .array([.object(one.schema), .object(other.schema)]))]
        }
    }
}

extension ScalarShape {
    /// Each form, and for all but free text a reference to an environment variable.
    fileprivate var schema: [(key: String, value: OrderedJSON)] {
        var schemas: [OrderedJSON] = forms.map { .object($0.schema) }
        let takesAnyText = forms.contains { if case .text(nil) = $0 { true } else { false } }
        if !takesAnyText {
            schemas.append(.object([("type", .text("string")), ("pattern", .text("\\$\\{"))]))
        }
        // An absent value may be written as null.
        schemas.append(.object([("type", .text("null"))]))
        return [("anyOf", .array(schemas))]
    }
}

extension ScalarShape.Form {
    fileprivate var schema: [(key: String, value: OrderedJSON)] {
        switch self {
        case .text(nil):
            // Any value is a text here, but editors take an unquoted 1.10 for a number and no for a truth.
            [("type", .array([.text("string"), .text("number"), .text("boolean")]))]
        case .text(let pattern?): [("type", .text("string")), ("pattern", .text(pattern))]
        case .boolean: [("type", .text("boolean"))]
        case .integer(let range):
            [
                ("type", .text("integer")),
                ("minimum", .literal(String(range.lowerBound))),
                ("maximum", .literal(String(range.upperBound))),
            ]
        case .number: [("type", .text("number")), ("minimum", .literal("0"))]
        case .decimal(let range):
            [
                ("type", .text("number")),
                ("minimum", .literal(DecimalNumber.text(range.lowerBound))),
                ("maximum", .literal(DecimalNumber.text(range.upperBound))),
            ]
        case .words(let words):
            // Editors take an unquoted 1.3 for a number.
            [("enum", .array(words.map { .text($0) } + words.filter { Double($0) != nil }.map { .literal($0) }))]
        }
    }
}
