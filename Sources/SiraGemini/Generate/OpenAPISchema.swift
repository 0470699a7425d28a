internal import SiraJSON

/// Google's own schemas, a part of OpenAPI's, and JSON Schema.
///
/// Reference: https://ai.google.dev/api/caching#Schema
enum OpenAPISchema {
    /// The schema in JSON Schema: types in lower case, `nullable` as one more type, counts as numbers.
    static func jsonSchema(_ schema: JSONValue) -> RawJSON {
        var json = JSONWriter(capacity: 256)
        write(schema, into: &json)
        return RawJSON(bytes: json.bytes)
    }

    private static func write(_ schema: JSONValue, into json: inout JSONWriter) {
        guard schema.kind == .object else { return json.element(schema) }
        let isNullable = schema["nullable"]?.bool == true
        json.object {
            for (key, value) in schema.members {
                let name = key.string ?? ""
                switch name {
                case "nullable" where value.bool != nil, "propertyOrdering", "property_ordering": continue
                case "type": writeType(value, isNullable, into: &$0)
                case "format" where isRedundant(value): continue
                case "enum" where isNullable && value.kind == .array:
                    $0.key("enum")
                    $0.array {
                        for element in value.elements { $0.element(element) }
                        $0.null()
                    }
                default: writeMember(name, value, into: &$0)
                }
            }
        }
    }

    private static func writeType(_ value: JSONValue, _ isNullable: Bool, into json: inout JSONWriter) {
        guard let type = value.string?.lowercased() else {
            json.key("type")
            return json.element(value)
        }
        if type == "type_unspecified" { return }
        json.key("type")
        guard isNullable, type != "null" else { return json.element(type) }
        json.array {
            $0.element(type)
            $0.element("null")
        }
    }

    /// Formats that say of strings and numbers what goes without saying, or what JSON Schema has no word for.
    private static func isRedundant(_ value: JSONValue) -> Bool {
        ["enum", "int32", "int64", "float", "double"].contains(value.string ?? "")
    }

    private static func writeMember(_ name: String, _ value: JSONValue, into json: inout JSONWriter) {
        let plain = name.camelCased
        switch (plain, value.kind) {
        case ("properties", .object), ("$defs", .object), ("defs", .object), ("definitions", .object):
            json.key(dynamic: plain == "defs" ? "$defs" : name)
            json.object {
                for (key, schema) in value.members {
                    $0.key(dynamic: key.string ?? "")
                    write(schema, into: &$0)
                }
            }
        case ("anyOf", .array), ("prefixItems", .array), ("oneOf", .array), ("allOf", .array):
            json.key(dynamic: plain)
            json.array {
                for schema in value.elements { write(schema, into: &$0) }
            }
        case ("items", .object), ("additionalProperties", .object):
            json.key(dynamic: plain)
            write(value, into: &json)
        case ("minItems", .string), ("maxItems", .string), ("minLength", .string), ("maxLength", .string),
            ("minProperties", .string), ("maxProperties", .string):
            // Google writes numbers of 64 bits as strings.
            json.key(dynamic: plain)
            if let number = Int64(value.string ?? "") { json.element(number) } else { json.element(value) }
        case ("minItems", _), ("maxItems", _), ("minLength", _), ("maxLength", _), ("minProperties", _),
            ("maxProperties", _):
            json.key(dynamic: plain)
            json.element(value)
        default:
            json.key(dynamic: name)
            json.element(value)
        }
    }

    /// Whether a JSON Schema says nothing that Google's own schemas do not say in the same words.
    ///
    /// Those are understood by all models, the rest of JSON Schema by the newer ones.
    static func covers(_ schema: JSONValue) -> Bool {
        guard schema.kind == .object, let type = schema["type"]?.string else { return false }
        let types = ["object", "string", "integer", "number", "boolean", "array"]
        guard types.contains(type) else { return false }
        if type == "object", schema["properties"].map({ $0.members.contains { _ in true } }) != true { return false }
        return schema.members.allSatisfy { key, value in
            switch key.string {
            case "type": true
            case "description": value.kind == .string
            case "required": value.elements.allSatisfy { $0.kind == .string }
            case "enum": type == "string" && value.elements.allSatisfy { $0.string?.isEmpty == false }
            case "properties": value.kind == .object && value.members.allSatisfy { covers($0.value) }
            case "items": type == "array" && covers(value)
            default: false
            }
        }
    }
}
