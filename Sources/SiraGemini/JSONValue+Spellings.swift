internal import SiraJSON
internal import SiraWire

/// Google's servers read the names of fields in both of its spellings, `camelCase` and `snake_case`.
extension JSONValue {
    /// The value of a field by either name, when it is there and not `null`.
    func field(_ camel: StaticString, _ snake: StaticString) -> JSONValue? {
        present(camel) ?? present(snake)
    }

    /// The values of a list; of one value that stands where a list may, that value.
    var listed: [JSONValue] {
        kind == .array ? Array(elements) : [self]
    }

    /// The names, in camel case, of members that ask for something and are not among `known`, each behind `path`.
    func strangers(_ known: Set<String>, path: String) -> [String] {
        var names: [String] = []
        for (key, value) in members where !value.asksForNothing {
            let name = (key.string ?? "").camelCased
            if !known.contains(name) { names.append("\(path).\(name)") }
        }
        return names
    }
}

extension String {
    /// The name in camel case, when it is written in snake case.
    var camelCased: String {
        guard utf8.contains(UInt8(ascii: "_")) else { return self }
        let words = split(separator: "_")
        return words.dropFirst().reduce(String(words.first ?? "")) { name, word in
            name + word.prefix(1).uppercased() + word.dropFirst()
        }
    }
}
