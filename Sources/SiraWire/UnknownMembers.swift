package import SiraJSON

extension JSONValue {
    /// The names of an object's members that are not among `known` and ask for something, each behind `path`.
    ///
    /// For what a translated request leaves out: members that Sira does not know are named, not passed over.
    package func members(beyond known: [StaticString], path: String) -> [String] {
        var names: [String] = []
        for (key, value) in members where !value.asksForNothing && !known.contains(where: { key.isString($0) }) {
            names.append("\(path).\(key.string ?? "")")
        }
        return names
    }

    /// Whether a member with this value is as good as absent: null, false, zero, or an empty list.
    package var asksForNothing: Bool {
        switch kind {
        case .null: true
        case .bool: bool == false
        case .number: double == 0
        case .string: false
        case .array: !elements.contains { _ in true }
        case .object: false  // some say by being there that a thing is wanted
        }
    }
}
