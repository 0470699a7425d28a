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
        var (mine, name) = (self, name)
        return mine.withUTF8 { mine in
            name.withUTF8 { name in
                guard mine.count == name.count else { return false }
                for index in 0..<mine.count {
                    let (byte, wanted) = (mine[index], name[index])
                    guard byte == wanted || (byte >= 0x41 && byte <= 0x5A && byte | 0x20 == wanted) else {
                        return false
                    }
                }
                return true
            }
        }
    }
}
