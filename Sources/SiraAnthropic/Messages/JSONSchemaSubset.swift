internal import SiraJSON

/// Turns a JSON Schema into the part of the language that Anthropic enforces.
///
/// Bounds of numbers, strings and lists are refused there, as are most formats of strings, and objects must be closed.
/// What is taken out of a schema is put in words into its description, where the model still reads it, as Anthropic's
/// own clients do. A choice of exactly one becomes a choice of any, which is all that is enforced.
/// https://docs.anthropic.com/en/docs/build-with-claude/structured-outputs
struct JSONSchemaSubset {
    private(set) var schema = RawJSON("{}")
    /// Whether an object that was open to more members, or to such of some shape, is closed now.
    private(set) var closesObject = false

    init(_ json: JSONValue) {
        var writer = JSONWriter()
        write(json, into: &writer)
        schema = RawJSON(bytes: writer.bytes)
    }

    private mutating func write(_ schema: JSONValue, into json: inout JSONWriter) {
        guard schema.kind == .object else {
            json.element(schema)
            return
        }
        var words: [String] = []
        json.object {
            for (key, value) in schema.members {
                let name = key.string ?? ""
                if name == "additionalProperties", value.bool != false { closesObject = true }
                if name == "description" || name == "additionalProperties" { continue }
                let isSecondChoice = name == "oneOf" && schema["anyOf"] != nil
                if isSecondChoice || Self.isRefused(name, value) {
                    words.append("\(name): \(value.rawJSON)")
                    continue
                }
                $0.key(dynamic: name == "oneOf" ? "anyOf" : name)
                writeMember(name, value, into: &$0)
            }
            if Self.isObject(schema) { $0.member("additionalProperties", false) }
            Self.writeDescription(schema["description"], words, into: &$0)
        }
    }

    private static let formats: [StaticString] = [
        "date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid",
    ]

    private static func isObject(_ schema: JSONValue) -> Bool {
        let type = schema["type"]
        return type?.isString("object") == true || type?.elements.contains { $0.isString("object") } == true
            || schema["properties"] != nil
    }

    private static func isRefused(_ name: String, _ value: JSONValue) -> Bool {
        switch name {
        case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength",
            "maxItems", "uniqueItems", "prefixItems", "contains", "minContains", "maxContains", "minProperties",
            "maxProperties", "patternProperties", "propertyNames", "dependentRequired", "dependentSchemas",
            "unevaluatedProperties", "unevaluatedItems", "not", "if", "then", "else":
            true
        case "minItems": (value.integer ?? 2) > 1
        case "format": !formats.contains { value.isString($0) }
        default: false
        }
    }

    /// Writes the value of a keyword, and what schemas there are in it.
    private mutating func writeMember(_ name: String, _ value: JSONValue, into json: inout JSONWriter) {
        switch (name, value.kind) {
        case ("properties", .object), ("$defs", .object), ("definitions", .object):
            json.object {
                for (key, schema) in value.members {
                    $0.key(dynamic: key.string ?? "")
                    write(schema, into: &$0)
                }
            }
        case ("anyOf", .array), ("oneOf", .array), ("allOf", .array):
            json.array {
                for schema in value.elements { write(schema, into: &$0) }
            }
        case ("items", .object):
            write(value, into: &json)
        default:
            json.element(value)
        }
    }

    private static func writeDescription(_ given: JSONValue?, _ words: [String], into json: inout JSONWriter) {
        let rules = words.isEmpty ? [] : ["{\(words.joined(separator: ", "))}"]
        let texts = [given?.string].compactMap { $0 } + rules
        guard !texts.isEmpty else { return }
        json.member("description", texts.joined(separator: "\n\n"))
    }
}
