/// A word or mark of an expression, and where it begins.
struct ExpressionToken: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case word(String)
        case text(String)
        case number(NumberLiteral)
        /// `header.x-name`, with the name in lower case.
        case header(String)
        /// One of `( ) [ ] , == != < <= > >=`.
        case mark(String)
        case end
    }

    var kind: Kind
    /// Counted from 1.
    var position: Int

    /// How it is called in errors.
    var name: String {
        switch kind {
        case .word(let word): "\"\(word)\""
        case .text: "a text"
        case .number(let number): number.text
        case .header(let name): "header.\(name)"
        case .mark(let mark): "\"\(mark)\""
        case .end: "the end"
        }
    }
}

/// A number as it was written, such as `100k`.
struct NumberLiteral: Hashable, Sendable {
    var value: Double
    var text: String
}
