import SiraCore

/// Why a text is no expression.
package struct ExpressionError: Error, Hashable, Sendable, CustomStringConvertible {
    package var kind: Kind
    /// The character at which it was noticed, counted from 1.
    package var position: Int
    /// What is wrong and what is allowed, without the place.
    package var message: String

    package enum Kind: String, Sendable, CaseIterable {
        case tooLong, tooDeep, badCharacter, badNumber, unterminated, unexpected, unknownName, unknownValue, mistyped
    }

    init(_ kind: Kind, at position: Int, _ message: String) {
        self.kind = kind
        self.position = position
        self.message = message
    }

    package var description: String {
        // The place stands before what is allowed: `unknown name "toknes" at 5; did you mean tokens?`
        guard let cut = message.lastIndex(of: ";") else { return "\(message) at \(position)" }
        return "\(message[..<cut]) at \(position)\(message[cut...])"
    }

    /// The end of a message that says what the writer may have meant, or lists what there is.
    static func hint(_ wanted: String, among names: [String]) -> String {
        let near = NameSuggestion.near(wanted, among: names)
        return near.isEmpty
            ? "; there are \(names.joined(separator: ", "))" : "; did you mean \(near.joined(separator: " or "))?"
    }
}
