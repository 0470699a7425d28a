internal import SiraCore

/// Reads what people write to find requests.
///
/// Terms have blanks between them and all have to be true: `key:value`, `key:(a OR b)`, `latency:>2s`, `cost:0.01..0.5`,
/// `status:5xx`, `is:error`, `has:fallback`, `tag.env:prod`, each with `-` before it for the opposite. A text by itself is
/// a request's id, or a part of the name of a model, a key or an end user.
package struct RequestQueryReader {
    /// The most terms of a query.
    package static let termLimit = 20
    /// The most alternatives of a term.
    private static let choiceLimit = 20

    private var rest: Substring

    /// The terms of a query.
    ///
    /// - Throws: ``RequestQueryError`` for what is no query.
    package static func read(_ text: some StringProtocol) throws(RequestQueryError) -> [RequestTerm] {
        var reader = RequestQueryReader(rest: Substring(text))
        var terms: [RequestTerm] = []
        while let term = try reader.term() {
            terms.append(term)
            guard terms.count <= termLimit else { throw RequestQueryError("A query has at most \(termLimit) terms.") }
        }
        return terms
    }

    private mutating func term() throws(RequestQueryError) -> RequestTerm? {
        skipBlanks()
        guard let first = rest.first else { return nil }
        var isNegated = false
        if first == "-" {
            isNegated = true
            rest.removeFirst()
        }
        if rest.first == "\"" {
            let text = try quoted()
            try expectEnd(behind: "\"\(text)\"")
            return RequestTerm(try Self.bare(text), isNegated: isNegated)
        }
        let name = rest.prefix { $0 != ":" && !$0.isBlank }
        rest = rest.dropFirst(name.count)
        guard rest.first == ":" else {
            guard !name.isEmpty else { throw RequestQueryError("There is nothing behind the “-”.") }
            guard name != "OR", name != "AND", !name.contains(where: { $0 == "(" || $0 == ")" }) else {
                throw RequestQueryError(
                    "“\(name)” stands alone: all terms have to be true, and alternatives are written as model:(a OR b). "
                        + "A text with such signs goes in quotation marks."
                )
            }
            return RequestTerm(try Self.bare(String(name)), isNegated: isNegated)
        }
        rest.removeFirst()
        return RequestTerm(try Self.test(String(name), try choices(name)), isNegated: isNegated)
    }

    // MARK: words

    private mutating func skipBlanks() { rest = rest.drop(while: \.isBlank) }

    /// A term is over: what stands behind it right away would be taken for something else than was meant.
    private func expectEnd(behind text: String) throws(RequestQueryError) {
        guard let next = rest.first, !next.isBlank else { return }
        throw RequestQueryError("There has to be a blank between “\(text)” and “\(rest.prefix { !$0.isBlank })”.")
    }

    private mutating func quoted() throws(RequestQueryError) -> String {
        rest.removeFirst()
        let text = rest.prefix { $0 != "\"" }
        rest = rest.dropFirst(text.count)
        guard rest.first == "\"" else { throw RequestQueryError("A quotation mark is not closed.") }
        rest.removeFirst()
        return String(text)
    }

    /// A value; within parentheses those end it as well.
    private mutating func word(isInList: Bool) throws(RequestQueryError) -> String {
        if rest.first == "\"" {
            let text = try quoted()
            if !(isInList && rest.first == ")") { try expectEnd(behind: "\"\(text)\"") }
            return text
        }
        let word = rest.prefix { !$0.isBlank && !(isInList && $0 == ")") }
        guard !word.contains(where: { $0 == "\"" || $0 == "(" || $0 == ")" }) else {
            throw RequestQueryError("“\(word)” goes in quotation marks as a whole, without any inside.")
        }
        rest = rest.dropFirst(word.count)
        return String(word)
    }

    /// What stands behind the colon: one value, or several in parentheses.
    private mutating func choices(_ name: Substring) throws(RequestQueryError) -> [String] {
        guard rest.first == "(" else {
            let value = try word(isInList: false)
            guard !value.isEmpty else { throw RequestQueryError("There is no value behind “\(name):”.") }
            return [value]
        }
        rest.removeFirst()
        var values: [String] = []
        while true {
            skipBlanks()
            guard let next = rest.first else { throw RequestQueryError("A parenthesis is not closed.") }
            if next == ")" { break }
            let isQuoted = next == "\""
            let value = try word(isInList: true)
            if value == "OR", !isQuoted { continue }
            guard value != "AND" || isQuoted else {
                throw RequestQueryError("“\(name):(…)” has values with OR between them; no AND is possible.")
            }
            values.append(value)
        }
        rest.removeFirst()
        try expectEnd(behind: "\(name):(…)")
        guard !values.isEmpty, values.count <= Self.choiceLimit else {
            throw RequestQueryError("“\(name):(…)” has 1 to \(Self.choiceLimit) values with OR between them.")
        }
        return values
    }

    private static func bare(_ text: String) throws(RequestQueryError) -> RequestTerm.Test {
        if let id = RequestID(text) { return .request(id) }
        guard !text.hasPrefix("req_") else {
            throw RequestQueryError("“\(text)” is not the whole id of a request, which has 30 characters.")
        }
        return .anywhere(text)
    }

    // MARK: fields

    /// All names that may stand before a colon.
    package static let fields: [String] =
        RequestTerm.TextField.allCases.map(\.rawValue) + RequestTerm.NumberField.allCases.map(\.rawValue)
        + ["outcome", "is", "has", "id"]

    private static func test(_ field: String, _ values: [String]) throws(RequestQueryError) -> RequestTerm.Test {
        let name = field.lowercased()
        if name.hasPrefix("tag.") {
            // The label is a part of the tag, and as its key has it.
            let label = field.dropFirst(4)
            return .text(.tag, values.flatMap { ["\(label):\($0)", "\(label)=\($0)"] })
        }
        if name == "operation" || name == "error" { return .text(name == "error" ? .why : .type, values) }
        if let field = RequestTerm.TextField(rawValue: name) { return .text(field, values) }
        if name == "outcome" { return .outcome(try outcomes(values)) }
        guard values.count == 1, let value = values.first else {
            throw RequestQueryError("“\(name):” takes one value.")
        }
        if name == "id" {
            guard let id = RequestID(value) else { throw RequestQueryError("“\(value)” is not the id of a request.") }
            return .request(id)
        }
        if name == "is" || name == "has" { return try flag(name, value) }
        if let field = RequestTerm.NumberField(rawValue: name) { return try number(field, value) }
        if name == "body" { throw RequestQueryError("“body:” cannot be asked for: bodies are not stored.") }
        throw RequestQueryError("“\(name):” is not known; there are \(fields.joined(separator: ", ")).")
    }

    private static func outcomes(_ values: [String]) throws(RequestQueryError) -> [Outcome] {
        var outcomes: [Outcome] = []
        for value in values {
            guard let outcome = Outcome(label: value) else {
                let labels = Outcome.allCases.map(\.label).joined(separator: ", ")
                throw RequestQueryError("“outcome:\(value)” is not known; there are \(labels).")
            }
            outcomes.append(outcome)
        }
        return outcomes
    }

    private static func flag(_ name: String, _ value: String) throws(RequestQueryError) -> RequestTerm.Test {
        if let outcome = Outcome(label: value), name == "is" { return .outcome([outcome]) }
        guard let flag = RequestTerm.Flag(rawValue: value) else {
            let flags = RequestTerm.Flag.allCases.map(\.rawValue).joined(separator: ", ")
            throw RequestQueryError("“\(name):\(value)” is not known; there are \(flags), and outcomes behind is:.")
        }
        return .flag(flag)
    }
}

extension Character {
    /// Whether terms end with it.
    fileprivate var isBlank: Bool { isWhitespace }
}
