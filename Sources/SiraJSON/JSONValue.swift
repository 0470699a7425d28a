internal import CSimdJSON

/// One value of a JSON text, as a view on the text.
///
/// Valid only while its ``JSONIndexer`` is reading.
package struct JSONValue {
    let text: UnsafePointer<UInt8>
    let nodes: UnsafePointer<sira_json_node>
    let index: Int

    private var node: sira_json_node { nodes[index] }

    package enum Kind: Sendable {
        case null, bool, number, string, array, object
    }

    package var kind: Kind {
        switch sira_json_kind(UInt32(node.kind)) {
        case SIRA_JSON_FALSE, SIRA_JSON_TRUE: .bool
        case SIRA_JSON_NUMBER: .number
        case SIRA_JSON_STRING, SIRA_JSON_KEY: .string
        case SIRA_JSON_ARRAY: .array
        case SIRA_JSON_OBJECT: .object
        default: .null
        }
    }

    /// Where the value stands in the text, quotes and brackets included.
    package var span: Range<Int> { Int(node.start)..<Int(node.end) }

    /// The value as it is written.
    package var raw: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: text + Int(node.start), count: Int(node.end - node.start))
    }

    /// A copy of the value as it is written.
    package var rawJSON: RawJSON { RawJSON(bytes: Array(raw)) }

    package var isNull: Bool { kind == .null }

    package var bool: Bool? {
        switch sira_json_kind(UInt32(node.kind)) {
        case SIRA_JSON_TRUE: true
        case SIRA_JSON_FALSE: false
        default: nil
        }
    }

    /// The string, unescaped; nil when the value is not a string.
    package var string: String? {
        guard kind == .string else { return nil }
        let inner = UnsafeBufferPointer(start: text + Int(node.start) + 1, count: Int(node.end - node.start) - 2)
        return node.escaped == 0 ? String(decoding: inner, as: UTF8.self) : JSONEscaping.unescaped(inner)
    }

    /// The bytes between the quotes of a string that holds no escapes; nil otherwise.
    ///
    /// Costs no copy.
    package var plainString: UnsafeRawBufferPointer? {
        guard kind == .string, node.escaped == 0 else { return nil }
        return UnsafeRawBufferPointer(start: text + Int(node.start) + 1, count: Int(node.end - node.start) - 2)
    }

    /// Whether the value is this string.
    package func isString(_ other: StaticString) -> Bool {
        guard let plain = plainString else { return string == other.description }
        return plain.elementsEqual(UnsafeRawBufferPointer(start: other.utf8Start, count: other.utf8CodeUnitCount))
    }

    /// The number when it is whole and fits; `3.0` and `3e2` count as whole.
    package var integer: Int64? {
        guard kind == .number else { return nil }
        if let exact = Int64(numberText) { return exact }
        guard let double = Double(numberText) else { return nil }
        return Int64(exactly: double)
    }

    package var double: Double? {
        kind == .number ? Double(numberText) : nil
    }

    private var numberText: String { String(decoding: raw, as: UTF8.self) }

    /// The values of an array; empty for anything else.
    package var elements: Elements {
        Elements(value: self, isEmpty: kind != .array)
    }

    /// The keys and values of an object, in the order of the text; empty for anything else.
    package var members: Members {
        Members(value: self, isEmpty: kind != .object)
    }

    /// The value of `key` in an object; nil when there is none or this is not an object.
    ///
    /// JSON `null` is a value.
    package subscript(key: StaticString) -> JSONValue? {
        members.first { $0.key.isString(key) }?.value
    }

    /// The value of `key`, when it is there and not `null`.
    package func present(_ key: StaticString) -> JSONValue? {
        self[key].flatMap { $0.isNull ? nil : $0 }
    }

    /// The values of an array, without making one.
    package struct Elements: Sequence, IteratorProtocol {
        private let container: JSONValue
        private var at: Int
        private let end: Int

        init(value: JSONValue, isEmpty: Bool) {
            container = value
            at = value.index + 1
            end = isEmpty ? at : Int(value.node.next)
        }

        package mutating func next() -> JSONValue? {
            guard at < end else { return nil }
            let element = JSONValue(text: container.text, nodes: container.nodes, index: at)
            at = Int(element.node.next)
            return element
        }
    }

    /// The members of an object, without making a dictionary.
    package struct Members: Sequence, IteratorProtocol {
        private let container: JSONValue
        private var at: Int
        private let end: Int

        init(value: JSONValue, isEmpty: Bool) {
            container = value
            at = value.index + 1
            end = isEmpty ? at : Int(value.node.next)
        }

        package mutating func next() -> (key: JSONValue, value: JSONValue)? {
            guard at < end else { return nil }
            let key = JSONValue(text: container.text, nodes: container.nodes, index: at)
            let value = JSONValue(text: container.text, nodes: container.nodes, index: at + 1)
            at = Int(value.node.next)
            return (key, value)
        }
    }
}

/// JSON kept as its bytes, for what is carried along and not looked into: tool schemas, arguments, unknown fields.
package struct RawJSON: Hashable, Sendable, CustomStringConvertible {
    package let bytes: [UInt8]

    /// The caller answers for `bytes` being JSON.
    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    package init(_ text: String) {
        bytes = Array(text.utf8)
    }

    package var description: String { String(decoding: bytes, as: UTF8.self) }
}
