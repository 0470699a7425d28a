/// Reads `or`, `and`, `not` and brackets, from the loosest to the tightest.
struct ExpressionParser {
    private let tokens: [ExpressionToken]
    private var at = 0
    private var depth = 0

    /// - Parameter tokens: Ends with one of the kind ``ExpressionToken/Kind/end``.
    init(_ tokens: [ExpressionToken]) { self.tokens = tokens }

    mutating func parse() throws(ExpressionError) -> Condition {
        let condition = try alternatives()
        guard here.kind == .end else {
            throw ExpressionError(
                .unexpected,
                at: here.position,
                "unexpected \(here.name); and, or, or the end is allowed here"
            )
        }
        return condition
    }

    var here: ExpressionToken { tokens[min(at, tokens.count - 1)] }

    mutating func advance() -> ExpressionToken {
        defer { at += 1 }
        return here
    }

    /// Goes on if a word comes next.
    mutating func take(word: String) -> Bool { take(.word(word)) }

    mutating func take(mark: String) -> Bool { take(.mark(mark)) }

    private mutating func take(_ kind: ExpressionToken.Kind) -> Bool {
        guard here.kind == kind else { return false }
        at += 1
        return true
    }

    /// Goes on if a mark comes next, and refuses the text otherwise.
    mutating func expect(mark: String, after what: String) throws(ExpressionError) {
        guard take(mark: mark) else {
            throw ExpressionError(
                .unexpected,
                at: here.position,
                "unexpected \(here.name); \"\(mark)\" is wanted after \(what)"
            )
        }
    }

    private mutating func alternatives() throws(ExpressionError) -> Condition {
        var conditions = [try conjunction()]
        while take(word: "or") { conditions.append(try conjunction()) }
        return conditions.count == 1
            ? conditions[0] : .any(conditions.flattened { if case .any(let list) = $0 { list } else { nil } })
    }

    private mutating func conjunction() throws(ExpressionError) -> Condition {
        var conditions = [try negation()]
        while take(word: "and") { conditions.append(try negation()) }
        return conditions.count == 1
            ? conditions[0] : .all(conditions.flattened { if case .all(let list) = $0 { list } else { nil } })
    }

    private mutating func negation() throws(ExpressionError) -> Condition {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Expression.deepest else {
            throw ExpressionError(.tooDeep, at: here.position, "nested deeper than \(Expression.deepest)")
        }
        if take(word: "not") { return .not(try negation()) }
        guard take(mark: "(") else { return try comparison() }
        let condition = try alternatives()
        try expect(mark: ")", after: "what stands in brackets")
        return condition
    }
}

extension [Condition] {
    /// Without brackets that mean nothing: `a and (b and c)` is `a and b and c`.
    fileprivate func flattened(_ inner: (Condition) -> [Condition]?) -> [Condition] {
        flatMap { inner($0) ?? [$0] }
    }
}
