/// A rule by which further names mean a model: snapshots of it that the catalogue does not list one by one.
///
/// Names are compared in lower case.
package enum NameRule: Hashable, Sendable {
    case whole(String)
    case prefix(String)
    case suffix(String)
    case contains(String)
    case pattern(NamePattern)

    /// How exactly `name` is meant by the rule; nil when it is not.
    ///
    /// Of several models that claim a name, the one whose rule is more specific has it: a pattern first, then the
    /// longer text.
    package func specificity(for name: String) -> Int? {
        switch self {
        case .whole(let text): name == text ? .max : nil
        case .prefix(let text): name.hasPrefix(text) ? text.utf8.count * 4 + 2 : nil
        case .suffix(let text): name.hasSuffix(text) ? text.utf8.count * 4 + 1 : nil
        case .contains(let text): name.hasPart(text) ? text.utf8.count * 4 : nil
        case .pattern(let pattern): pattern.matches(name) ? 1 << 16 : nil
        }
    }
}

/// The small part of regular expressions that rules for model names need: literals, escapes, `\d`, sets without
/// ranges such as `[-@]`, and counts such as `{8}`; anchored at the start, and at the end when it closes with `$`.
package struct NamePattern: Hashable, Sendable {
    private struct Step: Hashable {
        var bytes: [UInt8]
        var count: Int
    }

    private var steps: [Step] = []
    private let isWhole: Bool

    /// Reads a pattern; nil when it asks for more than this type offers.
    package init?(_ text: String) {
        guard text.hasPrefix("^") else { return nil }
        isWhole = text.hasSuffix("$")
        var rest = Array(text.utf8.dropFirst().dropLast(isWhole ? 1 : 0))[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\\"):
                guard let escaped = rest.popFirst() else { return nil }
                if escaped == UInt8(ascii: "d") {
                    steps.append(Step(bytes: Array("0123456789".utf8), count: 1))
                } else if escaped.isDigit || escaped | 0x20 >= UInt8(ascii: "a") {
                    return nil
                } else {
                    steps.append(Step(bytes: [escaped], count: 1))
                }
            case UInt8(ascii: "["):
                guard let end = rest.firstIndex(of: UInt8(ascii: "]")), rest.first != UInt8(ascii: "^") else {
                    return nil
                }
                let set = rest[..<end]
                guard set.dropFirst().firstIndex(of: UInt8(ascii: "-")) == nil else { return nil }
                steps.append(Step(bytes: Array(set), count: 1))
                rest = rest[(end + 1)...]
            case UInt8(ascii: "{"):
                guard let end = rest.firstIndex(of: UInt8(ascii: "}")), !steps.isEmpty else { return nil }
                guard let count = Int(String(decoding: rest[..<end], as: UTF8.self)), (1...64).contains(count) else {
                    return nil
                }
                steps[steps.count - 1].count = count
                rest = rest[(end + 1)...]
            default:
                guard !".*+?()|^$]}".utf8.contains(byte) else { return nil }
                steps.append(Step(bytes: [byte], count: 1))
            }
        }
    }

    package func matches(_ name: String) -> Bool {
        var rest = Substring(name).utf8
        for step in steps {
            for _ in 0..<step.count {
                guard let byte = rest.popFirst(), step.bytes.contains(byte) else { return false }
            }
        }
        return !isWhole || rest.isEmpty
    }
}

extension String {
    /// Whether `part` stands somewhere in the text, byte for byte.
    fileprivate func hasPart(_ part: String) -> Bool {
        let (mine, wanted) = (Array(utf8), Array(part.utf8))
        guard mine.count >= wanted.count else { return false }
        return (0...(mine.count - wanted.count)).contains { mine[$0..<($0 + wanted.count)].elementsEqual(wanted) }
    }
}
