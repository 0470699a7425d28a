/// References to environment variables in values: `${NAME}` and `${NAME:-default}`.
///
/// `$${` is a plain `${`.
enum Interpolation {
    /// Whether the text refers to a variable at all.
    static func isNeeded(_ text: String) -> Bool { text.contains("${") }

    /// The text with every reference replaced.
    ///
    /// - Throws: the variable that is not set and has no default, or what is wrong with the reference, as a sentence.
    static func resolve(_ text: String, _ environment: Environment) throws(Refusal) -> String {
        var result = ""
        var rest = text[...]
        while let mark = rest.firstRange(of: "${") {
            let plain = rest[..<mark.lowerBound]
            // Only a $ of the text itself escapes, not one that a variable's value ends with.
            if plain.last == "$" {
                result += plain.dropLast() + "${"
                rest = rest[mark.upperBound...]
                continue
            }
            result += plain
            guard let end = rest[mark.upperBound...].firstIndex(of: "}") else {
                throw Refusal("a reference ${… is not closed with }")
            }
            result += try value(of: rest[mark.upperBound..<end], environment)
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    private static func value(of reference: Substring, _ environment: Environment) throws(Refusal) -> String {
        let mark = reference.firstRange(of: ":-")
        let name = String(reference[..<(mark?.lowerBound ?? reference.endIndex)])
        let isName =
            name.first.map { !$0.isNumber } ?? false
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        guard isName else {
            throw Refusal(
                "${…} does not name an environment variable; write ${NAME} or ${NAME:-default}, or $${ for a plain ${"
            )
        }
        if let mark, reference[mark.upperBound...].contains("${") {
            throw Refusal("the default of ${\(name):-…} holds another reference, and only a plain text can stand there")
        }
        if let mark { return environment.text(name) ?? String(reference[mark.upperBound...]) }
        guard let value = environment[name] else { throw Refusal("the environment variable \(name) is not set") }
        return value
    }
}
