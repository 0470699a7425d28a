extension Condition {
    /// What stands around a condition, the loosest first.
    enum Place: Int {
        case alternatives, conjunction, negation
    }

    /// The condition as it is written at a place, in brackets where it needs them.
    func text(in place: Place) -> String {
        switch self {
        case .constant(let value): return value ? "true" : "false"
        case .flag(let flag): return flag.rawValue
        case .number(let left, let comparison, let right): return "\(left) \(comparison.rawValue) \(right)"
        case .numberAmong(let number, let list):
            return "\(number) in [\(list.map(\.text).joined(separator: ", "))]"
        case .text(let left, let isEqual, let right): return "\(left) \(isEqual ? "==" : "!=") \(right)"
        case .textAmong(let text, let list):
            return "\(text) in [\(list.map(TextOperand.quoted).joined(separator: ", "))]"
        case .matches(let text, let glob): return "\(text) matches \(TextOperand.quoted(glob.text))"
        case .contains(let text, let part): return "\(text) contains \(part)"
        case .tagged(let text): return "tags contains \(text)"
        case .not(let condition): return "not \(condition.text(in: .negation))"
        case .all(let conditions):
            let text = conditions.map { $0.text(in: .conjunction) }.joined(separator: " and ")
            return place == .negation ? "(\(text))" : text
        case .any(let conditions):
            let text = conditions.map { $0.text(in: .conjunction) }.joined(separator: " or ")
            return place == .alternatives ? text : "(\(text))"
        }
    }
}
