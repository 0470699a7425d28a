/// HTTP header fields in their order; names are compared without regard to case.
package struct HeaderFields: Sendable {
    package typealias Field = (name: String, value: String)
    package private(set) var fields: [Field]

    package init(_ fields: [Field] = []) {
        self.fields = fields
    }

    /// The value of the first field of this name.
    ///
    /// `name` must be in lower case.
    package subscript(name: String) -> String? {
        fields.first { $0.name.matches(lowercased: name) }?.value
    }

    package mutating func append(_ name: String, _ value: String) {
        fields.append((name, value))
    }
}

extension HeaderFields: Sequence {
    package func makeIterator() -> IndexingIterator<[Field]> { fields.makeIterator() }
}

extension String {
    /// Whether this is `name` but for the case of ASCII letters.
    ///
    /// Allocates nothing, unlike `lowercased()`.
    package func matches(lowercased name: String) -> Bool {
        guard utf8.count == name.utf8.count else { return false }
        return zip(utf8, name.utf8).allSatisfy { mine, wanted in
            mine == wanted || (mine >= 0x41 && mine <= 0x5A && mine | 0x20 == wanted)
        }
    }
}
