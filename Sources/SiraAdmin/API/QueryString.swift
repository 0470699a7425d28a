import SiraCore
import SiraTenancy

/// Reads the query of a URL.
enum QueryString {
    /// The parameters in their order; nil when something in it is no text.
    static func parameters(_ query: Substring) -> [(name: String, value: String)]? {
        var parameters: [(String, String)] = []
        for piece in query.split(separator: "&") {
            let halves = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decoded(halves[0]), let value = decoded(halves.count == 2 ? halves[1] : "") else {
                return nil
            }
            parameters.append((name, value))
        }
        return parameters
    }

    /// Without percent signs (RFC 3986, section 2.1), and with blanks for pluses, as forms write them.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// The parameters that an endpoint takes, each once and of the right shape.
    static func read(_ query: Substring, _ known: [EndpointParameter]) throws(EndpointError) -> [String: String] {
        guard let given = parameters(query) else {
            throw EndpointError(400, "malformed_query", "The query is not text.")
        }
        var (values, problems): ([String: String], [FieldProblem]) = ([:], [])
        for (name, value) in given {
            guard let parameter = known.first(where: { $0.name == name }) else {
                let names = known.map(\.name).joined(separator: ", ")
                let hint = known.isEmpty ? "there are none here" : "there are \(names)"
                problems.append(FieldProblem(name, "is not a parameter here; \(hint)"))
                continue
            }
            if let complaint = parameter.complaint(about: value) {
                problems.append(FieldProblem(name, complaint))
            } else if values.updateValue(value, forKey: name) != nil {
                problems.append(FieldProblem(name, "is there twice"))
            }
        }
        guard problems.isEmpty else {
            throw EndpointError(400, "invalid_query", "\(FieldProblems(problems)).", fields: problems)
        }
        return values
    }
}

extension EndpointParameter {
    /// What is wrong with a value; nil when nothing is.
    fileprivate func complaint(about value: String) -> String? {
        switch shape {
        case .text(_, format: "date-time"):
            Timestamp(iso8601: value) == nil ? "must be a time such as 2026-11-21T08:00:00Z" : nil
        case .text(let length, _):
            length.contains(value.utf8.count) ? nil : "must have \(length.lowerBound) to \(length.upperBound) bytes"
        case .word(let words): words.contains(value) ? nil : "must be one of \(words.joined(separator: ", "))"
        case .integer(let range):
            Int64(value).map(range.contains) == true
                ? nil : "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .boolean: ["true", "false"].contains(value) ? nil : "must be true or false"
        case .reference(let kind):
            kind.isID(value) ? nil : "must be the id of a \(kind.noun), such as \(kind.exampleID)"
        case .money: NanoUSD(decimal: value) == nil ? "must be a decimal number" : nil
        case .list, .object: "cannot be given here"
        }
    }
}
