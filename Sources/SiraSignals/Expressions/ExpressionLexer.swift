/// Cuts an expression into its words and marks.
struct ExpressionLexer {
    private let scalars: [Unicode.Scalar]
    private var at = 0

    /// The words and marks of a text, with one for its end.
    static func tokens(of text: String) throws(ExpressionError) -> [ExpressionToken] {
        var lexer = ExpressionLexer(scalars: Array(text.unicodeScalars))
        var tokens: [ExpressionToken] = []
        repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
        return tokens
    }

    private var here: Unicode.Scalar? { at < scalars.count ? scalars[at] : nil }

    private mutating func next() throws(ExpressionError) -> ExpressionToken {
        while let scalar = here, scalar.properties.isWhitespace { at += 1 }
        let position = at + 1
        guard let scalar = here else { return ExpressionToken(kind: .end, position: position) }
        switch scalar {
        case "'", "\"": return ExpressionToken(kind: .text(try quoted(by: scalar)), position: position)
        case "0"..."9": return ExpressionToken(kind: .number(try number()), position: position)
        case let letter where letter.isWordStart: return ExpressionToken(kind: word(), position: position)
        default: return ExpressionToken(kind: .mark(try mark()), position: position)
        }
    }

    private mutating func quoted(by quote: Unicode.Scalar) throws(ExpressionError) -> String {
        let position = at + 1
        var text = String.UnicodeScalarView()
        at += 1
        while let scalar = here {
            at += 1
            if scalar == quote { return String(text) }
            guard scalar == "\\" else {
                text.append(scalar)
                continue
            }
            guard let escaped = here, escaped == "\\" || escaped == "'" || escaped == "\"" else {
                throw ExpressionError(.badCharacter, at: at, "unknown escape; there are \\\\, \\' and \\\"")
            }
            text.append(escaped)
            at += 1
        }
        throw ExpressionError(.unterminated, at: position, "a text begins here and has no end; add \(quote)")
    }

    private mutating func number() throws(ExpressionError) -> NumberLiteral {
        let start = at
        func word() -> String { String(String.UnicodeScalarView(scalars[start..<at])) }
        while let scalar = here, scalar.isDigit { at += 1 }
        if here == ".", at + 1 < scalars.count, scalars[at + 1].isDigit {
            at += 1
            while let scalar = here, scalar.isDigit { at += 1 }
        }
        // Longer ones could not be told apart as binary fractions.
        guard at - start <= 16, let value = Double(word()) else {
            throw ExpressionError(.badNumber, at: start + 1, "a number has 15 digits at most")
        }
        var factor = 1.0
        if let suffix = here, ["k", "K", "m", "M"].contains(suffix) {
            factor = ["k", "K"].contains(suffix) ? 1_000 : 1_000_000
            at += 1
        }
        if let scalar = here, scalar.isWordStart || scalar == "." {
            throw ExpressionError(
                .badNumber,
                at: at + 1,
                "a number goes on with \"\(scalar)\"; write 100, 0.5, 100k or 2m"
            )
        }
        return NumberLiteral(value: value * factor, text: word())
    }

    private mutating func word() -> ExpressionToken.Kind {
        let start = at
        while let scalar = here, scalar.isWordStart || scalar.isDigit { at += 1 }
        let word = String(String.UnicodeScalarView(scalars[start..<at]))
        guard word == "header", here == ".", at + 1 < scalars.count, scalars[at + 1].isHeaderName else {
            return .word(word)
        }
        at += 1
        let name = at
        while let scalar = here, scalar.isHeaderName { at += 1 }
        return .header(String(String.UnicodeScalarView(scalars[name..<at])).lowercased())
    }

    private mutating func mark() throws(ExpressionError) -> String {
        let first = scalars[at]
        let second = at + 1 < scalars.count ? scalars[at + 1] : " "
        if second == "=", ["=", "!", "<", ">"].contains(first) {
            at += 2
            return "\(first)="
        }
        switch first {
        case "(", ")", "[", "]", ",", "<", ">":
            at += 1
            return String(first)
        case "=": throw ExpressionError(.badCharacter, at: at + 1, "\"=\" is not an operator; write ==")
        case "!": throw ExpressionError(.badCharacter, at: at + 1, "\"!\" is not an operator; write not, or !=")
        case "&": throw ExpressionError(.badCharacter, at: at + 1, "\"&\" is not an operator; write and")
        case "|": throw ExpressionError(.badCharacter, at: at + 1, "\"|\" is not an operator; write or")
        default:
            throw ExpressionError(
                .badCharacter,
                at: at + 1,
                "unknown character \"\(first)\"; texts stand between quotes"
            )
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isDigit: Bool { ("0"..."9").contains(self) }

    fileprivate var isWordStart: Bool {
        ("a"..."z").contains(self) || ("A"..."Z").contains(self) || self == "_"
    }

    /// Whether it may stand in a header's name that is written after a point.
    fileprivate var isHeaderName: Bool { isWordStart || isDigit || self == "-" }
}
