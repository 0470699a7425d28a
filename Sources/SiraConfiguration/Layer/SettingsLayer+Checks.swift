extension SettingsOrigin {
    /// Where the layer would have secrets of the file sent somewhere else: those are not its to send.
    ///
    /// Secrets that it takes away or replaces are sent nowhere.
    func strayDestinations(of layer: SettingsLayer) -> [ConfigurationProblem] {
        layer.leaves.compactMap { leaf in
            guard leaf.field?.isDestination == true, let section = tree.at(leaf.section) else { return nil }
            let held = leaf.siblings.filter { $0.shape.holdsSecrets && section[$0.name]?.isOfFile == true }
            guard let secret = held.first else { return nil }
            return ConfigurationProblem(
                isOfLayer: true,
                path: leaf.path,
                message: "\(leaf.section).\(secret.name) is in the file, so this can be changed only there"
            )
        }
    }
}

extension SettingsLayer {
    /// What is in it that only the file can say, or that a variable of the environment says anyhow.
    ///
    /// - Parameter origin: of the settings that it is to change.
    package func lockProblems(_ environment: Environment, over origin: SettingsOrigin) -> [ConfigurationProblem] {
        leaves.flatMap { leaf -> [ConfigurationProblem] in
            if let variable = leaf.field?.variable, environment.text(variable) != nil {
                let message = "the environment variable \(variable) sets this, and goes before all else"
                return [ConfigurationProblem(isOfLayer: true, path: leaf.path, message: message)]
            }
            let locks = leaf.lock.map { [(leaf.path, $0)] } ?? leaf.replacedLocks(in: origin.fileTree)
            return locks.map { path, lock in
                ConfigurationProblem(isOfLayer: true, path: path, message: lock.message)
            }
        }
    }

    /// What is wrong with going from one layer to this one, beside what is wrong with it by itself.
    ///
    /// - Parameter patch: what somebody sent.
    package func transitionProblems(from before: SettingsLayer, by patch: SettingsLayer) -> [ConfigurationProblem] {
        patch.textProblems + Self.movedSecrets(from: before, to: self, given: Set(patch.leaves.map(\.path)))
    }

    private var textProblems: [ConfigurationProblem] {
        leaves.compactMap { leaf in
            guard case .text(let text) = leaf.value else { return nil }
            if leaf.isSecret, text == Self.mask {
                let message = "this stands for a secret that is not shown; leave it out to keep the secret"
                return ConfigurationProblem(isOfLayer: true, path: leaf.path, message: message)
            }
            guard text.hasPrefix(Self.sealMark) else { return nil }
            let message = "a value cannot begin with \(Self.sealMark)"
            return ConfigurationProblem(isOfLayer: true, path: leaf.path, message: message)
        }
    }

    /// Where a section's secrets would be sent to another place than they were given for: who may change settings may
    /// not learn secrets by that.
    private static func movedSecrets(
        from before: SettingsLayer,
        to after: SettingsLayer,
        given: Set<String>
    ) -> [ConfigurationProblem] {
        let (old, new) = (before.leaves, after.leaves)
        var sections: [String: String] = [:]
        func note(_ leaf: LayerLeaf, unlessIn others: [LayerLeaf]) {
            guard leaf.field?.isDestination == true else { return }
            let isSame = others.contains { $0.path == leaf.path && $0.value == leaf.value }
            if !isSame, sections[leaf.section] == nil { sections[leaf.section] = leaf.path }
        }
        for leaf in new { note(leaf, unlessIn: old) }
        for leaf in old { note(leaf, unlessIn: new) }
        return sections.sorted { $0.key < $1.key }.compactMap { section, path in
            let kept = new.first { leaf in
                leaf.isSecret && leaf.section == section && leaf.value != .null && !given.contains(leaf.path)
                    && old.contains { $0.path == leaf.path }
            }
            guard let kept else { return nil }
            return ConfigurationProblem(
                isOfLayer: true,
                path: path,
                message: "where this changes, \(kept.path) has to be given again"
            )
        }
    }
}

extension LayerLeaf.Lock {
    fileprivate var message: String {
        switch self {
        case .file: "this can be set in the configuration file alone"
        case .restart: "this takes effect only when the gateway is started, and is set in the configuration file"
        }
    }
}

extension SettingNode {
    /// Whether a value in it is the file's.
    fileprivate var isOfFile: Bool {
        switch content {
        case .empty: false
        case .scalar: !isOfLayer
        case .list(let elements): elements.contains(where: \.isOfFile)
        case .map(let members): members.contains(where: \.value.isOfFile)
        }
    }

    /// What is at a dotted path; names may hold dots themselves.
    func at(_ path: String) -> SettingNode? {
        guard !path.isEmpty else { return self }
        guard case .map(let members) = content else { return nil }
        for member in members {
            if member.key == path { return member.value }
            if path.hasPrefix(member.key + "."),
                let found = member.value.at(String(path.dropFirst(member.key.count + 1)))
            {
                return found
            }
        }
        return nil
    }
}

extension Shape {
    /// Whether values are secrets, or hold some in a list or by names.
    var holdsSecrets: Bool {
        switch self {
        case .scalar(let scalar): scalar.isSecret
        case .list(let element): element.holdsSecrets
        case .map(_, let entry): if case .scalar(let scalar) = entry { scalar.isSecret } else { false }
        case .section, .either: false
        }
    }
}
