/// Which models a key may use: one name, or all names that begin alike.
///
/// Written as the name itself, or with one `*` at the end: `gpt-5-mini`, `claude-*`, `*`.
package struct ModelPattern: Hashable, Sendable, CustomStringConvertible {
    /// The pattern as it was written.
    package let description: String
    /// What a name must begin with, or be.
    private let stem: String
    private let isPrefix: Bool

    /// Reads a pattern; nil when it is empty or has a `*` anywhere but at the end.
    package init?(_ text: some StringProtocol) {
        guard !text.isEmpty else { return nil }
        let isPrefix = text.last == "*"
        let stem = isPrefix ? String(text.dropLast()) : String(text)
        guard !stem.utf8.contains(UInt8(ascii: "*")) else { return nil }
        self.description = String(text)
        self.stem = stem
        self.isPrefix = isPrefix
    }

    /// Whether the model of that name is meant.
    ///
    /// Names are compared byte by byte.
    package func matches(_ model: String) -> Bool {
        isPrefix ? model.utf8.starts(with: stem.utf8) : model.utf8.elementsEqual(stem.utf8)
    }
}
