package import SiraJSON
package import SiraTenancy

/// A schema of JSON Schema 2020-12, as OpenAPI 3.1 uses it.
package struct JSONSchema: Sendable {
    /// Writes the schema's members into an object that is open.
    let members: @Sendable (inout JSONWriter) -> Void

    package init(_ members: @escaping @Sendable (inout JSONWriter) -> Void) {
        self.members = members
    }

    /// Writes the schema as a value.
    func write(to json: inout JSONWriter) { json.object(members) }

    // MARK: scalars

    /// Text of at most so many characters.
    package static func text(_ length: ClosedRange<Int> = 0...1_000, format: String? = nil) -> JSONSchema {
        JSONSchema { json in
            json.member("type", "string")
            // Lengths are counted in bytes, and a character has up to four.
            if length.lowerBound > 0 { json.member("minLength", (length.lowerBound + 3) / 4) }
            json.member("maxLength", length.upperBound)
            if let format { json.member("format", format) }
        }
    }

    /// A time of RFC 3339.
    package static let time = text(10...35, format: "date-time")

    package static let boolean = JSONSchema { $0.member("type", "boolean") }

    package static func integer(_ range: ClosedRange<Int64> = 0...Int64.max) -> JSONSchema {
        JSONSchema { json in
            json.member("type", "integer")
            json.member("minimum", range.lowerBound)
            if range.upperBound < Int64.max { json.member("maximum", range.upperBound) }
        }
    }

    package static let number = JSONSchema { $0.member("type", "number") }

    package static func word(_ words: [String]) -> JSONSchema {
        JSONSchema { json in
            json.member("type", "string")
            json.array("enum") { for word in words { $0.element(word) } }
        }
    }

    /// A decimal amount of money in a text.
    package static func money(signed: Bool = false) -> JSONSchema {
        JSONSchema { json in
            json.member("type", "string")
            json.member("pattern", "^\(signed ? "-?" : "")[0-9]{1,10}(\\.[0-9]{1,9})?$")
        }
    }

    /// Anything.
    package static let anything = JSONSchema { _ in }

    // MARK: composites

    package static func list(_ element: JSONSchema, _ count: ClosedRange<Int>? = nil) -> JSONSchema {
        JSONSchema { json in
            json.member("type", "array")
            json.key("items")
            element.write(to: &json)
            if let count {
                if count.lowerBound > 0 { json.member("minItems", count.lowerBound) }
                json.member("maxItems", count.upperBound)
            }
        }
    }

    /// The schema of that name among the document's components.
    package static func named(_ name: String) -> JSONSchema {
        JSONSchema { $0.member("$ref", "#/components/schemas/\(name)") }
    }

    /// A value of the schema, or null.
    package var orNull: JSONSchema {
        JSONSchema { json in
            json.array("anyOf") { list in
                write(to: &list)
                list.object { $0.member("type", "null") }
            }
        }
    }

    /// The same with a sentence on what it is for.
    package func described(_ summary: String) -> JSONSchema {
        JSONSchema { json in
            json.member("description", summary)
            members(&json)
        }
    }

    /// An object of these properties and no others.
    ///
    /// - Parameter optional: names of those that may be left out.
    package static func object(
        _ properties: [(name: String, schema: JSONSchema)],
        optional: Set<String> = []
    ) -> JSONSchema {
        JSONSchema { json in
            json.member("type", "object")
            json.object("properties") { json in
                for property in properties {
                    json.key(dynamic: property.name)
                    property.schema.write(to: &json)
                }
            }
            let required = properties.map(\.name).filter { !optional.contains($0) }
            if !required.isEmpty { json.array("required") { for name in required { $0.element(name) } } }
            json.member("additionalProperties", false)
        }
    }

    /// An object whose keys are anyone's.
    package static func map(of value: JSONSchema) -> JSONSchema {
        JSONSchema { json in
            json.member("type", "object")
            json.key("additionalProperties")
            value.write(to: &json)
        }
    }
}

extension JSONSchema {
    /// In which place an object with fields stands.
    package enum Use: Sendable {
        /// What makes a new one.
        case make
        /// A merge patch.
        case change
        /// What is told.
        case show
    }

    /// The properties of fields.
    package static func properties(
        of outlines: [FieldOutline],
        for use: Use
    ) -> [(name: String, schema: JSONSchema)] {
        outlines.filter { use != .change || !$0.isFixed }.map { outline in
            var schema = JSONSchema(outline.shape, for: use == .change ? .make : use)
            let isNullable = use == .show ? outline.isOptional || outline.isSecret : !outline.isRequired
            if isNullable { schema = schema.orNull }
            return (outline.name, schema.described(outline.summary))
        }
    }

    /// An object with these fields.
    package static func fields(_ outlines: [FieldOutline], for use: Use) -> JSONSchema {
        let optional = use == .show ? [] : outlines.filter { use == .change || !$0.isRequired }.map(\.name)
        return object(properties(of: outlines, for: use), optional: Set(optional))
    }

    /// The schema of a field's value.
    package init(_ shape: FieldShape, for use: Use) {
        switch shape {
        case .text(let length, let format): self = .text(length, format: format)
        case .word(let words): self = .word(words)
        case .integer(let range): self = .integer(range)
        case .money(let signed): self = .money(signed: signed)
        case .boolean: self = .boolean
        case .reference(let kind):
            self = JSONSchema { json in
                json.member("type", "string")
                json.member("pattern", "^\(kind.idPrefix)[0-9A-Za-z_-]{1,40}$")
                json.array("examples") { $0.element(kind.exampleID) }
            }
        case .list(let element, let count): self = .list(JSONSchema(element, for: use), count)
        case .object(let outlines): self = .fields(outlines, for: use)
        }
    }
}
