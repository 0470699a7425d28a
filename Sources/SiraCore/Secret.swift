/// A text that must never be shown: a key, a token, a password.
///
/// It prints as `•••` wherever it ends up in a log, an error or a dump. The one way to its text is
/// ``reveal()``, so that each use can be found by searching for it.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    package init(_ text: String) {
        self.text = text
    }

    /// The secret itself, for the one place that has to send or hash it.
    package func reveal() -> String { text }

    package var isEmpty: Bool { text.isEmpty }
    package var description: String { "•••" }
    package var debugDescription: String { "•••" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
