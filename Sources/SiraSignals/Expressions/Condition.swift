/// An expression that has been read: its types are right.
indirect enum Condition: Hashable, Sendable {
    case constant(Bool)
    case flag(FlagFact)
    case number(NumberOperand, Comparison, NumberOperand)
    case numberAmong(NumberOperand, [NumberLiteral])
    case text(TextOperand, isEqual: Bool, TextOperand)
    case textAmong(TextOperand, [String])
    case matches(TextOperand, Glob)
    case contains(TextOperand, TextOperand)
    case tagged(TextOperand)
    case not(Condition)
    case all([Condition])
    case any([Condition])

    enum Comparison: String, Hashable, Sendable, CaseIterable {
        case equal = "=="
        case unequal = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="

        func holds(_ left: Double, _ right: Double) -> Bool {
            switch self {
            case .equal: left == right
            case .unequal: left != right
            case .less: left < right
            case .lessOrEqual: left <= right
            case .greater: left > right
            case .greaterOrEqual: left >= right
            }
        }
    }

    /// Whether it is so of a request.
    ///
    /// A comparison with a number that the request does not say never is.
    func holds(for facts: RequestFacts) -> Bool {
        switch self {
        case .constant(let value): return value
        case .flag(let flag): return flag.value(facts)
        case .number(let left, let comparison, let right):
            guard let left = left.value(facts), let right = right.value(facts) else { return false }
            return comparison.holds(left, right)
        case .numberAmong(let number, let list):
            guard let number = number.value(facts) else { return false }
            return list.contains { $0.value == number }
        case .text(let left, let isEqual, let right): return (left.value(facts) == right.value(facts)) == isEqual
        case .textAmong(let text, let list): return list.contains(text.value(facts))
        case .matches(let text, let glob): return glob.matches(text.value(facts))
        case .contains(let text, let part): return text.value(facts).holds(part.value(facts))
        case .tagged(let text): return facts.tags.contains(text.value(facts))
        case .not(let condition): return !condition.holds(for: facts)
        case .all(let conditions): return conditions.allSatisfy { $0.holds(for: facts) }
        case .any(let conditions): return conditions.contains { $0.holds(for: facts) }
        }
    }

    /// Whether it asks for something that only the body tells.
    var needsCall: Bool {
        switch self {
        case .constant: false
        case .flag(let flag): flag.needsCall
        case .number(let left, _, let right): left.needsCall || right.needsCall
        case .numberAmong(let number, _): number.needsCall
        case .text(let left, _, let right), .contains(let left, let right): left.needsCall || right.needsCall
        case .textAmong(let text, _), .matches(let text, _), .tagged(let text): text.needsCall
        case .not(let condition): condition.needsCall
        case .all(let conditions), .any(let conditions): conditions.contains(where: \.needsCall)
        }
    }
}

extension String {
    /// Whether another text stands in this one, byte by byte.
    fileprivate func holds(_ part: String) -> Bool {
        var (text, part) = (self, part)
        return text.withUTF8 { text in
            part.withUTF8 { part in
                guard let first = part.first else { return true }
                guard text.count >= part.count else { return false }
                for start in 0...(text.count - part.count) where text[start] == first {
                    if text[start..<(start + part.count)].elementsEqual(part) { return true }
                }
                return false
            }
        }
    }
}
