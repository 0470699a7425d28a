extension SettingNode {
    /// The tree with a layer over it.
    ///
    /// - Returns: beside it, the paths of the values that are the layer's.
    func merged(with layer: SettingsLayer) -> (tree: SettingNode, paths: Set<String>) {
        guard !layer.isEmpty else { return (self, []) }
        var paths: Set<String> = []
        return (merged(with: layer.root, path: "", &paths), paths)
    }

    private func merged(with value: LayerValue, path: String, _ paths: inout Set<String>) -> SettingNode {
        guard case .object(let changes) = value else {
            paths.insert(path)
            return SettingNode(value)
        }
        var result = self
        var members: [Member] = []
        if case .map(let own) = content {
            members = own
        } else {
            // Whatever stood there, an object takes its place (RFC 7396, section 2).
            result = SettingNode(content: .empty, place: place, isOfLayer: true)
        }
        if changes.isEmpty, members.isEmpty { paths.insert(path) }
        for change in changes {
            let below = path.child(change.key)
            let index = members.firstIndex { $0.key == change.key }
            if change.value == .null {
                paths.insert(below)
                if let index { members.remove(at: index) }
            } else if let index {
                members[index].value = members[index].value.merged(with: change.value, path: below, &paths)
            } else {
                let none = SettingNode(content: .empty, place: nil, isOfLayer: true)
                let value = none.merged(with: change.value, path: below, &paths)
                members.append(Member(key: change.key, place: nil, value: value))
            }
        }
        result.content = .map(members)
        return result
    }

    /// What a layer says, by itself.
    init(_ value: LayerValue) {
        let content: Content =
            switch value {
            case .null: .empty
            case .text(let text), .literal(let text): .scalar(text)
            case .list(let elements): .list(elements.map { SettingNode($0) })
            case .object(let members):
                .map(
                    members.filter { $0.value != .null }.map {
                        Member(key: $0.key, place: nil, value: SettingNode($0.value))
                    }
                )
            }
        self.init(content: content, place: nil, isOfLayer: true)
    }
}
