import Yams

/// Turns the text of a configuration file into ``SettingNode``s, and refuses what YAML allows but nobody means.
enum SettingTree {
    /// Most values that a file may come to, aliases written out.
    static let nodeLimit = 100_000
    /// Deepest nesting; the configuration itself needs six levels.
    static let depthLimit = 32

    /// Reads a text.
    ///
    /// - Throws: the one problem that keeps the text from being read as a tree.
    static func parse(_ text: String) throws(Problem) -> SettingNode {
        var text = text
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        if let place = AliasedKeys.first(in: text) {
            throw Problem(place: place, message: "in a file with aliases (*name), keys must be plain names")
        }
        // Yams keeps a pointer to the text's storage, which short texts do not have.
        if text.utf8.count < 32 { text += String(repeating: "\n", count: 32) }
        text.makeContiguousUTF8()
        let root: Node?
        do {
            root = try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
        } catch {
            throw Problem(error, in: text)
        }
        guard let root else { return SettingNode(content: .empty, place: nil) }
        var count = 0
        return try convert(root, depth: 0, count: &count)
    }

    /// Why a text cannot be read, and where.
    struct Problem: Error {
        var place: SettingsOrigin.Place?
        var message: String
    }

    // MARK: nodes

    private static func convert(_ node: Node, depth: Int, count: inout Int) throws(Problem) -> SettingNode {
        let place = node.mark.map { SettingsOrigin.Place(line: $0.line, column: $0.column) }
        count += 1
        guard count <= nodeLimit else { throw Problem(place: place, message: "the aliases come to too many values") }
        guard depth <= depthLimit else { throw Problem(place: place, message: "nested too deeply") }
        switch node {
        case .scalar(let scalar):
            try refuseTag(scalar.tag, at: place)
            let isPlain = scalar.style == .plain || scalar.style == .any
            if isPlain, ["", "~", "null", "Null", "NULL"].contains(scalar.string) {
                return SettingNode(content: .empty, place: place)
            }
            return SettingNode(content: .scalar(scalar.string), place: place)
        case .sequence(let sequence):
            try refuseTag(sequence.tag, at: place)
            var elements: [SettingNode] = []
            for element in sequence { elements.append(try convert(element, depth: depth + 1, count: &count)) }
            return SettingNode(content: .list(elements), place: place)
        case .mapping(let mapping):
            try refuseTag(mapping.tag, at: place)
            return SettingNode(content: .map(try members(mapping, depth: depth, count: &count)), place: place)
        case .alias:
            throw Problem(place: place, message: "this alias has no anchor")
        }
    }

    /// The members of a mapping; `<<` brings in those of another one that are not written here (YAML merge key).
    private static func members(
        _ mapping: Node.Mapping,
        depth: Int,
        count: inout Int
    ) throws(Problem) -> [SettingNode.Member] {
        var members: [SettingNode.Member] = []
        var merged: [SettingNode.Member] = []
        for (key, value) in mapping {
            let place = key.mark.map { SettingsOrigin.Place(line: $0.line, column: $0.column) }
            guard case .scalar(let name) = key else {
                throw Problem(place: place, message: "a key must be a plain name, not a list or a mapping")
            }
            let value = try convert(value, depth: depth + 1, count: &count)
            if name.string == "<<", name.style == .plain {
                merged += try mergedMembers(value, at: place)
            } else {
                if members.contains(where: { $0.key == name.string }) {
                    throw Problem(place: place, message: "\"\(name.string.shortened)\" is given twice here; keep one")
                }
                members.append(SettingNode.Member(key: name.string, place: place, value: value))
            }
        }
        for member in merged where !members.contains(where: { $0.key == member.key }) { members.append(member) }
        return members
    }

    private static func mergedMembers(
        _ value: SettingNode,
        at place: SettingsOrigin.Place?
    ) throws(Problem) -> [SettingNode.Member] {
        switch value.content {
        case .map(let members): return members
        case .list(let parts):
            var members: [SettingNode.Member] = []
            for part in parts {
                guard case .map(let more) = part.content else {
                    throw Problem(
                        place: part.place ?? place,
                        message: "a list after << holds mappings only, such as *name"
                    )
                }
                members += more
            }
            return members
        case .empty, .scalar: throw Problem(place: place, message: "<< must be followed by a mapping, such as *name")
        }
    }

    /// Tags ask for types of a program, or for functions as `!env` does elsewhere; here they would mean nothing.
    private static func refuseTag(_ tag: Tag, at place: SettingsOrigin.Place?) throws(Problem) {
        let name = tag.description
        guard !name.isEmpty, name != "!", !name.hasPrefix("tag:yaml.org,2002:") else { return }
        throw Problem(place: place, message: "tags such as \(name.shortened) are not known; write ${NAME} or file:path")
    }
}
