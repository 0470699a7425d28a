import SiraJSON

/// A value of a merge patch (RFC 7396), its members in their order.
indirect enum LayerValue: Hashable, Sendable {
    /// Takes away what is there.
    case null
    case text(String)
    /// A number, `true` or `false` as it is written.
    case literal(String)
    case list([LayerValue])
    case object([Member])

    /// One member of an object.
    struct Member: Hashable, Sendable {
        var key: String
        var value: LayerValue
    }

    init(_ json: JSONValue) {
        switch json.kind {
        case .null: self = .null
        case .string: self = .text(json.string ?? "")
        case .array: self = .list(json.elements.map { LayerValue($0) })
        case .object:
            self = .object(json.members.map { Member(key: $0.key.string ?? "", value: LayerValue($0.value)) })
        default: self = .literal(json.rawJSON.description)
        }
    }

    /// The member of that name; nil where there is none, and in what is no object.
    subscript(key: String) -> LayerValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// Whether nothing is in it.
    var isEmptyObject: Bool {
        if case .object(let members) = self { members.isEmpty } else { false }
    }

    /// The patch that has the effect of this one and then the other.
    ///
    /// What this one takes away stays away where the other puts something in its place: patches merge with what is there,
    /// so each member of the file's is taken away by itself then.
    ///
    /// - Parameter file: what is there without either.
    func patched(with patch: LayerValue, over file: SettingNode?) -> LayerValue {
        guard case .object(let changes) = patch else { return patch }
        var members: [Member] =
            if case .object(let own) = self { own } else {
                (file?.members ?? []).map { Member(key: $0.key, value: .null) }
            }
        for change in changes {
            if let index = members.firstIndex(where: { $0.key == change.key }) {
                members[index].value = members[index].value.patched(with: change.value, over: file?[change.key])
            } else {
                members.append(change)
            }
        }
        return .object(members)
    }

    /// Without what is at a path, and without the objects that were there for it alone.
    func removing(_ path: ArraySlice<String>) -> LayerValue {
        guard case .object(var members) = self, let first = path.first,
            let index = members.firstIndex(where: { $0.key == first })
        else { return self }
        if path.count == 1 {
            members.remove(at: index)
        } else {
            members[index].value = members[index].value.removing(path.dropFirst())
            if members[index].value.isEmptyObject { members.remove(at: index) }
        }
        return .object(members)
    }

    /// Without orders to take away what is not in `node` in the first place.
    func pruned(against node: SettingNode?) -> LayerValue {
        guard case .object(let members) = self else { return self }
        return .object(
            members.compactMap { member in
                let below = node?[member.key]
                if member.value == .null { return below == nil ? nil : member }
                return Member(key: member.key, value: member.value.pruned(against: below))
            }
        )
    }

    /// The same with every text changed by its path.
    func mapping(
        _ path: String = "",
        _ change: (_ path: String, _ text: String) throws -> String
    ) rethrows -> LayerValue {
        switch self {
        case .null: self
        case .text(let text): .text(try change(path, text))
        case .literal(let text):
            // A key of digits alone is one of them.
            switch try change(path, text) {
            case text: self
            case let changed: .text(changed)
            }
        case .list(let elements):
            .list(try elements.enumerated().map { try $0.element.mapping(path + "[\($0.offset)]", change) })
        case .object(let members):
            .object(
                try members.map {
                    Member(key: $0.key, value: try $0.value.mapping(path.child($0.key), change))
                }
            )
        }
    }

    func write(to json: inout JSONWriter) {
        switch self {
        case .null: json.null()
        case .text(let text): json.element(text)
        case .literal(let text): json.element(RawJSON(text))
        case .list(let elements): json.array { list in for element in elements { element.write(to: &list) } }
        case .object(let members):
            json.object { json in
                for member in members {
                    json.key(dynamic: member.key)
                    member.value.write(to: &json)
                }
            }
        }
    }
}

extension SettingNode {
    /// The member of that name; nil where there is none, and in what is no mapping.
    subscript(key: String) -> SettingNode? {
        members.first { $0.key == key }?.value
    }

    /// Its members; none in what is no mapping.
    var members: [Member] {
        if case .map(let members) = content { members } else { [] }
    }
}

extension String {
    /// The dotted path of a member.
    func child(_ name: String) -> String { isEmpty ? name : "\(self).\(name)" }
}
