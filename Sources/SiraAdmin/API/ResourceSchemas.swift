import SiraStorage
import SiraTenancy

/// The schemas of a kind of resource, and their names in the document.
struct ResourceSchemas {
    private let type: ResourceType
    /// Such as `ServiceAccount`.
    let name: String

    init(_ type: ResourceType) {
        self.type = type
        name = type.kind.rawValue.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    var all: [(name: String, schema: JSONSchema)] {
        [
            (name, shown.described(type.summary)),
            ("New\(name)", made),
            ("\(name)Change", .fields(type.outlines, for: .change)),
        ]
    }

    private var made: JSONSchema {
        guard type.kind == .key else { return .fields(type.outlines, for: .make) }
        return .fields(type.outlines + KeyAllowance.fields.map(\.outline), for: .make)
    }

    private var shown: JSONSchema { .object(properties) }

    /// What is told of one.
    var properties: [(name: String, schema: JSONSchema)] {
        var properties = [("id", JSONSchema(.reference(type.kind), for: .show))]
        properties += JSONSchema.properties(of: type.outlines, for: .show)
        if type.kind == .key {
            properties += [
                ("hint", JSONSchema.text(1...40).described("What the key's text begins with.")),
                ("revoked_at", JSONSchema.time.orNull.described("From when on it is refused.")),
                (
                    "previous_text_until",
                    JSONSchema.time.orNull.described("Until when the text before the last rotation is honoured.")
                ),
            ]
        }
        return properties + [
            ("version", JSONSchema.integer(1...Int64.max).described("One more with each change.")),
            ("created_at", .time),
            ("updated_at", .time),
        ]
    }

    /// Some of them, and whether there are more.
    static func page(of element: JSONSchema) -> JSONSchema {
        .object([
            ("data", .list(element)),
            ("has_more", .boolean),
            ("next", JSONSchema.text(0...100).orNull.described("What `after` is to be for the next page.")),
        ])
    }
}
