import SiraJSON

/// JSON whose members keep their order, for generated files that people compare.
indirect enum OrderedJSON {
    case object([(key: String, value: OrderedJSON)])
    case array([OrderedJSON])
    case text(String)
    /// A number, `true`, `false` or `null` as it is written.
    case literal(String)

    /// The value on several lines, indented by two spaces.
    func pretty(indent: String = "") -> String {
        switch self {
        case .object(let members):
            guard !members.isEmpty else { return "{}" }
            let lines = members.map { "\(indent)  \(Self.quoted($0.key)): \($0.value.pretty(indent: indent + "  "))" }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
        case .array(let elements):
            guard elements.contains(where: { !$0.isAtom }) else {
                return "[" + elements.map { $0.pretty() }.joined(separator: ", ") + "]"
            }
            let lines = elements.map { "\(indent)  \($0.pretty(indent: indent + "  "))" }
            return "[\n" + lines.joined(separator: ",\n") + "\n\(indent)]"
        case .text(let text): return Self.quoted(text)
        case .literal(let text): return text
        }
    }

    private var isAtom: Bool {
        switch self {
        case .object, .array: false
        case .text, .literal: true
        }
    }

    private static func quoted(_ text: String) -> String {
        var writer = JSONWriter(capacity: text.utf8.count + 2)
        writer.element(text)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
