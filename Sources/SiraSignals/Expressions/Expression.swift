/// A condition on requests, such as `tokens > 8k and not images`, as operators write them in rules.
///
/// The language is described in `docs/routing-language.md`. Every expression comes to an end, changes nothing, and is
/// checked whole when it is read, so that evaluating it cannot fail.
package struct Expression: Hashable, Sendable {
    /// The longest text that is read, in bytes.
    package static let longest = 4_096
    /// How deep brackets and `not` may be nested.
    package static let deepest = 32

    let root: Condition
    /// Whether it asks for something that only the request's body tells.
    ///
    /// Where it does not, the body need not be read.
    package let needsCall: Bool

    /// Reads an expression.
    ///
    /// - Throws: ``ExpressionError`` with the place and what is allowed there.
    package init(parsing text: some StringProtocol) throws(ExpressionError) {
        guard text.utf8.count <= Self.longest else {
            throw ExpressionError(
                .tooLong,
                at: 1,
                "an expression has \(Self.longest) bytes at most, this one has \(text.utf8.count)"
            )
        }
        var parser = ExpressionParser(try ExpressionLexer.tokens(of: String(text)))
        root = try parser.parse()
        needsCall = root.needsCall
    }

    /// Whether a request is one that the expression means.
    package func holds(for facts: RequestFacts) -> Bool { root.holds(for: facts) }
}

extension Expression: CustomStringConvertible {
    /// The expression in its plainest form; reading it gives the same expression.
    package var description: String { root.text(in: .alternatives) }
}
