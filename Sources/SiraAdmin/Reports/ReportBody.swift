import SiraCore
import SiraJSON
import SiraTenancy

/// Reads the object that was sent, member by member, and gathers all that is wrong with it.
struct ReportBody {
    private let json: JSONValue
    private(set) var problems: [FieldProblem] = []

    private init(_ json: JSONValue) {
        self.json = json
    }

    /// Reads a body.
    ///
    /// - Parameter known: the names of all members that there are.
    /// - Throws: ``DeskError``-like refusals as ``EndpointError``.
    static func read<Result>(
        _ bytes: [UInt8],
        _ known: [String],
        _ make: (inout ReportBody) throws -> Result
    ) throws -> Result {
        do {
            return try JSONIndexer().read(bytes) { json in
                guard json.kind == .object else {
                    throw EndpointError(400, "malformed_json", "The body must be a JSON object.")
                }
                var body = ReportBody(json)
                for (key, _) in json.members {
                    guard let name = key.string, !known.contains(name) else { continue }
                    body.problem(name, "is not a field here; there are \(known.joined(separator: ", "))")
                }
                let result = try make(&body)
                guard body.problems.isEmpty else { throw body.refusal }
                return result
            }
        } catch let error as JSONError {
            throw EndpointError(400, "malformed_json", "The body is not JSON: \(error).")
        }
    }

    /// All that is wrong, as a refusal.
    var refusal: EndpointError {
        EndpointError(422, "invalid_fields", "\(FieldProblems(problems)).", fields: problems)
    }

    mutating func problem(_ field: String, _ message: String) { problems.append(FieldProblem(field, message)) }

    /// The member, unless it is not there or null.
    subscript(name: String) -> JSONValue? {
        guard let value = json.members.first(where: { $0.key.string == name })?.value, !value.isNull else { return nil }
        return value
    }

    mutating func text(_ name: String) -> String? {
        guard let value = self[name] else { return nil }
        guard let text = value.string, !text.isEmpty else {
            problem(name, "must be a text")
            return nil
        }
        return text
    }

    mutating func time(_ name: String) -> Timestamp? {
        guard let text = text(name) else { return nil }
        guard let time = Timestamp(iso8601: text) else {
            problem(name, "must be a time such as 2026-11-21T08:00:00Z")
            return nil
        }
        return time
    }

    mutating func flag(_ name: String) -> Bool? {
        guard let value = self[name] else { return nil }
        guard let flag = value.bool else {
            problem(name, "must be true or false")
            return nil
        }
        return flag
    }

    mutating func integer(_ name: String, _ range: ClosedRange<Int64>) -> Int64? {
        guard let value = self[name] else { return nil }
        guard let number = value.integer, range.contains(number) else {
            problem(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    /// A share from 0 to 1.
    mutating func share(_ name: String) -> Double? {
        guard let value = self[name] else { return nil }
        guard let number = value.double, (0...1).contains(number) else {
            problem(name, "must be a number from 0 to 1")
            return nil
        }
        return number
    }

    /// Decimal dollars, as text or number.
    mutating func amount(_ name: String, signed: Bool = false) -> NanoUSD? {
        guard let value = self[name] else { return nil }
        let text = value.string ?? (value.kind == .number ? value.rawJSON.description : "")
        guard let amount = NanoUSD(decimal: text), signed || amount >= .zero else {
            problem(name, "must be decimal dollars such as \"12.50\"\(signed ? "" : ", not negative")")
            return nil
        }
        return amount
    }

    mutating func scope(_ name: String) -> Scope? {
        guard let text = text(name) else { return nil }
        guard let scope = Scope(text), !scope.isEach else {
            problem(name, "must be gateway, or a kind and a name such as team:team_0123456789A or model:gpt-5-mini")
            return nil
        }
        return scope
    }
}

extension JSONSchema {
    /// Decimal dollars, as text or number.
    static let dollars = JSONSchema { json in
        json.array("type") { list in
            list.element("string")
            list.element("number")
        }
    }
}
