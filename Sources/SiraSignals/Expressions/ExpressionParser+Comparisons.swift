extension ExpressionParser {
    /// What is or is not: a name by itself, or two things and an operator between them.
    mutating func comparison() throws(ExpressionError) -> Condition {
        let start = here
        let left = try operand()
        let sign = here
        switch sign.kind {
        case .mark(let mark):
            guard let comparison = Condition.Comparison(rawValue: mark) else { break }
            _ = advance()
            return try compare(left, comparison, sign)
        case .word("in"):
            _ = advance()
            return try among(left, sign)
        case .word("matches"):
            _ = advance()
            return try match(left, sign)
        case .word("contains"):
            _ = advance()
            return try contain(left, sign)
        default: break
        }
        switch left {
        case .flag(let flag): return .flag(flag)
        case .truth(let value): return .constant(value)
        default:
            throw ExpressionError(
                .mistyped,
                at: start.position,
                "\(start.name) is \(left.kind), not true or false; compare it with something"
            )
        }
    }

    private mutating func compare(
        _ left: ExpressionOperand,
        _ comparison: Condition.Comparison,
        _ sign: ExpressionToken
    ) throws(ExpressionError) -> Condition {
        let place = here.position
        let right = try operand()
        let isEquality = comparison == .equal || comparison == .unequal
        switch (left, right) {
        case (.number(let left), .number(let right)): return .number(left, comparison, right)
        case (.text(let left), .text(let right)) where isEquality:
            try check([right], against: left, at: place)
            try check([left], against: right, at: sign.position)
            return .text(left, isEqual: comparison == .equal, right)
        case (.flag(let flag), .truth(let value)) where isEquality:
            return value == (comparison == .equal) ? .flag(flag) : .not(.flag(flag))
        case (.text, .text), (.flag, .truth):
            throw ExpressionError(
                .mistyped,
                at: sign.position,
                "\"\(comparison.rawValue)\" compares numbers; here == and != are allowed"
            )
        case (.tags, .text):
            throw ExpressionError(
                .mistyped,
                at: sign.position,
                "tags is a list of texts; write tags contains 'name'"
            )
        default:
            throw ExpressionError(
                .mistyped,
                at: sign.position,
                "\"\(comparison.rawValue)\" cannot compare \(left.kind) with \(right.kind)"
            )
        }
    }

    private mutating func among(
        _ left: ExpressionOperand,
        _ sign: ExpressionToken
    ) throws(ExpressionError) -> Condition {
        let place = here.position
        switch (left, try operand()) {
        case (.text(let text), .texts(let list)):
            try check(list.map { .literal($0) }, against: text, at: place)
            return .textAmong(text, list)
        case (.number(let number), .numbers(let list)): return .numberAmong(number, list)
        case (.text(let text), .tags): return .tagged(text)
        case (_, let right):
            throw ExpressionError(
                .mistyped,
                at: sign.position,
                "\"in\" cannot look for \(left.kind) in \(right.kind); write model in ['a', 'b'] or hour in [8, 9]"
            )
        }
    }

    private mutating func match(
        _ left: ExpressionOperand,
        _ sign: ExpressionToken
    ) throws(ExpressionError) -> Condition {
        guard case .text(let text) = left, case .text(.literal(let pattern)) = try operand() else {
            throw ExpressionError(
                .mistyped,
                at: sign.position,
                "\"matches\" wants a text before it and a pattern behind; write model matches 'gpt-*'"
            )
        }
        return .matches(text, Glob(pattern))
    }

    private mutating func contain(
        _ left: ExpressionOperand,
        _ sign: ExpressionToken
    ) throws(ExpressionError) -> Condition {
        switch (left, try operand()) {
        case (.text(let text), .text(let part)): return .contains(text, part)
        case (.tags, .text(let tag)): return .tagged(tag)
        case (_, let right):
            throw ExpressionError(
                .mistyped,
                at: sign.position,
                "\"contains\" cannot look for \(right.kind) in \(left.kind); write tags contains 'x'"
            )
        }
    }

    /// Refuses texts that a name can never be.
    private func check(
        _ values: [TextOperand],
        against name: TextOperand,
        at position: Int
    ) throws(ExpressionError) {
        guard let vocabulary = name.vocabulary else { return }
        for case .literal(let text) in values where !vocabulary.contains(text) {
            let hint = ExpressionError.hint(text, among: vocabulary)
            throw ExpressionError(.unknownValue, at: position, "\(name) is never '\(text.prefix(64))'\(hint)")
        }
    }
}
