import Foundation

/// A JSON value for comparing.
indirect enum Tree: Equatable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([Tree])
    case object([String: Tree])

    init(_ bytes: some Sequence<UInt8>) throws {
        self.init(any: try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed))
    }

    private init(any value: Any) {
        switch value {
        case let object as [String: Any]: self = .object(object.mapValues(Tree.init(any:)))
        case let array as [Any]: self = .array(array.map(Tree.init(any:)))
        case let string as String: self = .string(string)
        case let number as NSNumber:
            self = CFBooleanLike.isBool(number) ? .bool(number.boolValue) : .number(number.doubleValue)
        default: self = .null
        }
    }

    subscript(key: String) -> Tree {
        switch self {
        case .object(let members): members[key] ?? .null
        case .array(let elements): Int(key).flatMap { elements.indices.contains($0) ? elements[$0] : nil } ?? .null
        default: .null
        }
    }

    var string: String? { if case .string(let text) = self { text } else { nil } }
    var number: Int? { if case .number(let value) = self { Int(value) } else { nil } }
    var elements: [Tree] { if case .array(let elements) = self { elements } else { [] } }
    var members: [String: Tree] { if case .object(let members) = self { members } else { [:] } }
    var isNull: Bool { self == .null }

    /// The value at a path such as `.messages.0.role`.
    func at(_ path: String) -> Tree {
        path.split(separator: ".").reduce(self) { $0[String($1)] }
    }

    var json: [UInt8] {
        let any = foundation
        return Array(
            (try? JSONSerialization.data(withJSONObject: any, options: [.fragmentsAllowed, .sortedKeys])) ?? Data()
        )
    }

    private var foundation: Any {
        switch self {
        case .null: NSNull()
        case .bool(let value): value
        case .number(let value): value == value.rounded() && abs(value) < 1e15 ? Int(value) : value
        case .string(let text): text
        case .array(let elements): elements.map(\.foundation)
        case .object(let members): members.mapValues(\.foundation)
        }
    }

    /// The value with what says the same made the same: a text is a list of one part, arguments are what they say,
    /// and what is empty is absent.
    func normalized(key: String = "") -> Tree {
        switch self {
        case .object(let members):
            var kept: [String: Tree] = [:]
            for (name, value) in members {
                let value = value.normalized(key: name)
                if ["input", "args", "arguments"].contains(name) || !value.isEmpty { kept[name] = value }
            }
            return .object(kept)
        case .array(let elements):
            return .array(elements.map { $0.normalized() })
        case .string(let text) where ["content", "system", "input"].contains(key) && !text.isEmpty:
            return .array([.object(["type": .string("text"), "text": self])])
        case .string(let text) where key == "arguments":
            return (try? Tree(Array(text.utf8))) ?? self
        default:
            return self
        }
    }

    /// The value with names in camel case, but for those that users choose: arguments' and schemas' own.
    func camelCased(isRaw: Bool = false) -> Tree {
        switch self {
        case .array(let elements): return .array(elements.map { $0.camelCased(isRaw: isRaw) })
        case .object(let members):
            var renamed: [String: Tree] = [:]
            for (name, value) in members {
                let name = isRaw ? name : Self.camelCase(name)
                renamed[name] = value.camelCased(isRaw: isRaw || Self.ownNames.contains(name))
            }
            return .object(renamed)
        default: return self
        }
    }

    private static let ownNames: Set<String> = [
        "args", "properties", "parameters", "parametersJsonSchema", "response", "responseSchema", "responseJsonSchema",
    ]

    private static func camelCase(_ name: String) -> String {
        let words = name.split(separator: "_", omittingEmptySubsequences: false)
        return words.dropFirst().reduce(String(words.first ?? "")) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
    }

    /// All strings under names that stand for words of a conversation.
    var texts: Set<String> {
        switch self {
        case .string: []
        case .array(let elements): elements.reduce(into: []) { $0.formUnion($1.texts) }
        case .object(let members):
            members.reduce(into: []) { texts, member in
                if let text = member.value.string,
                    ["text", "content", "system", "input", "instructions", "output"].contains(member.key)
                {
                    texts.insert(text)
                }
                texts.formUnion(member.value.texts)
            }
        default: []
        }
    }

    private var isEmpty: Bool {
        self == .null || self == .array([]) || self == .object([:])
    }
}

private enum CFBooleanLike {
    /// `NSNumber` holds booleans and numbers alike; the type encoding tells them apart.
    static func isBool(_ number: NSNumber) -> Bool {
        String(cString: number.objCType) == "c"
    }
}
