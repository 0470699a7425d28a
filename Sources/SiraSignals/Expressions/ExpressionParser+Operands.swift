import SiraCore

/// What may stand on one side of an operator.
enum ExpressionOperand {
    case flag(FlagFact)
    case truth(Bool)
    case number(NumberOperand)
    case text(TextOperand)
    case tags
    case texts([String])
    case numbers([NumberLiteral])

    /// Its type in errors, after what it is called.
    var kind: String {
        switch self {
        case .flag, .truth: "true or false"
        case .number: "a number"
        case .text: "a text"
        case .tags, .texts: "a list of texts"
        case .numbers: "a list of numbers"
        }
    }
}

extension ExpressionParser {
    /// The most items of a list.
    static let longestList = 256

    mutating func operand() throws(ExpressionError) -> ExpressionOperand {
        let token = advance()
        switch token.kind {
        case .text(let text): return .text(.literal(text))
        case .number(let number): return .number(.literal(number))
        case .header(let name): return .text(.header(name))
        case .mark("["): return try list(token)
        case .word(let word): return try named(word, token)
        case .mark, .end:
            throw ExpressionError(
                .unexpected,
                at: token.position,
                "unexpected \(token.name); a name, a number, a 'text' or a [list] is wanted"
            )
        }
    }

    private mutating func named(_ word: String, _ token: ExpressionToken) throws(ExpressionError) -> ExpressionOperand {
        if let flag = FlagFact(rawValue: word) { return .flag(flag) }
        if let number = NumberFact(rawValue: word) { return .number(.fact(number)) }
        if let text = TextFact(rawValue: word) { return .text(.fact(text)) }
        switch word {
        case "true": return .truth(true)
        case "false": return .truth(false)
        case "tags": return .tags
        case "hour": return .number(.hour(offset: try offset()))
        case "weekday": return .text(.weekday(offset: try offset()))
        case "header": return .text(.header(try headerName()))
        case let word where ExpressionNames.words.contains(word):
            throw ExpressionError(
                .unexpected,
                at: token.position,
                "unexpected \"\(word)\"; a name, a number, a 'text' or a [list] is wanted"
            )
        default:
            let hint = ExpressionError.hint(word, among: ExpressionNames.all)
            throw ExpressionError(.unknownName, at: token.position, "unknown name \"\(word.prefix(64))\"\(hint)")
        }
    }

    /// `('+08:00')`, or nothing for UTC.
    private mutating func offset() throws(ExpressionError) -> Int {
        guard take(mark: "(") else { return 0 }
        let token = advance()
        guard case .text(let text) = token.kind, let minutes = TimeOffset.minutes(text) else {
            throw ExpressionError(
                .unknownValue,
                at: token.position,
                "not a time zone; write hours and minutes from UTC, such as '+08:00'"
            )
        }
        try expect(mark: ")", after: "a time zone")
        return minutes
    }

    /// `['x-name']`.
    private mutating func headerName() throws(ExpressionError) -> String {
        try expect(mark: "[", after: "header, or a point and a name")
        let token = advance()
        guard case .text(let name) = token.kind, (1...128).contains(name.utf8.count),
            name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") })
        else {
            throw ExpressionError(.unknownValue, at: token.position, "not a header's name; write header['x-name']")
        }
        try expect(mark: "]", after: "a header's name")
        return name.lowercased()
    }

    private mutating func list(_ start: ExpressionToken) throws(ExpressionError) -> ExpressionOperand {
        var (texts, numbers): ([String], [NumberLiteral]) = ([], [])
        repeat {
            let token = advance()
            switch token.kind {
            case .text(let text) where numbers.isEmpty: texts.append(text)
            case .number(let number) where texts.isEmpty: numbers.append(number)
            case .text, .number:
                throw ExpressionError(.mistyped, at: token.position, "a list holds texts or numbers, not both")
            default:
                throw ExpressionError(
                    .unexpected,
                    at: token.position,
                    "unexpected \(token.name); a list holds texts or numbers, such as ['a', 'b']"
                )
            }
            guard texts.count + numbers.count <= Self.longestList else {
                throw ExpressionError(.tooLong, at: token.position, "a list has \(Self.longestList) items at most")
            }
        } while take(mark: ",")
        try expect(mark: "]", after: "a list's items")
        return numbers.isEmpty ? .texts(texts) : .numbers(numbers)
    }
}
