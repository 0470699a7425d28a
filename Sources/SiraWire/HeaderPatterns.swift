/// Names of header fields; a `*` at a name's end stands for any ending.
package struct HeaderPatterns: Hashable, Sendable {
    private let names: [String]
    /// What comes before the `*`.
    private let stems: [String]

    /// - Parameter patterns: in lower case.
    package init(_ patterns: [String]) {
        names = patterns.filter { !$0.hasSuffix("*") }
        stems = patterns.filter { $0.hasSuffix("*") }.map { String($0.dropLast()) }
    }

    /// Whether one of the names is `name`, but for the case of ASCII letters.
    ///
    /// Allocates nothing.
    package func cover(_ name: String) -> Bool {
        names.contains { name.matches(lowercased: $0) } || stems.contains { name.begins(lowercased: $0) }
    }
}

extension String {
    /// Whether this begins with `stem`, but for the case of ASCII letters.
    fileprivate func begins(lowercased stem: String) -> Bool {
        utf8.count >= stem.utf8.count
            && zip(utf8, stem.utf8).allSatisfy { $0 == $1 || ($0 >= 0x41 && $0 <= 0x5A && $0 | 0x20 == $1) }
    }
}
