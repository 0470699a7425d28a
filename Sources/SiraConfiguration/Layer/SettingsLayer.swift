package import SiraJSON

/// Changes that are made while the gateway runs: one merge patch (RFC 7396) over what the file says.
///
/// Lies above the file and below the variables of the environment. What it says are the values themselves: references
/// to variables and to files can stand in the file alone, since who may change settings may not read the machine.
package struct SettingsLayer: Hashable, Sendable {
    /// Always an object.
    var root: LayerValue

    /// Nothing is changed.
    package static let empty = SettingsLayer(root: .object([]))

    /// What a secret begins with that is locked up and could not be opened.
    static let sealMark = "sealed:"
    /// What is shown in the place of a secret.
    package static let mask = "•••"
    /// Most bytes of a layer as JSON.
    package static let sizeLimit = 512 * 1_024
    /// Most values in a layer.
    package static let valueLimit: UInt32 = 50_000
    private static let limits = JSONLimits(depth: 32, values: valueLimit, refusesDuplicateKeys: true)

    init(root: LayerValue) {
        self.root = root
    }

    /// - Throws: ``LayerFault`` when it is not a JSON object.
    package init(json: [UInt8]) throws(LayerFault) {
        do {
            root = try JSONIndexer().read(json, limits: Self.limits) { LayerValue($0) }
        } catch {
            throw LayerFault("is not JSON: \(error)")
        }
        guard case .object = root else { throw LayerFault("must be an object") }
    }

    /// A layer of a part of a text that is JSON already.
    package init(_ json: JSONValue) throws(LayerFault) {
        root = LayerValue(json)
        guard case .object = root else { throw LayerFault("must be an object") }
    }

    /// The patch as JSON; holds secrets.
    package var json: [UInt8] {
        var json = JSONWriter()
        root.write(to: &json)
        return json.bytes
    }

    package var isEmpty: Bool { root.isEmptyObject }

    /// This and then the other one.
    ///
    /// - Parameter origin: of the settings that both change.
    package func patched(with patch: SettingsLayer, over origin: SettingsOrigin) -> SettingsLayer {
        SettingsLayer(root: root.patched(with: patch.root, over: origin.fileTree))
    }

    /// Without what it says at a path, so that the file's words hold again there.
    package func removing(_ path: [String]) -> SettingsLayer {
        SettingsLayer(root: root.removing(path[...]))
    }

    /// Without what it says at a dotted path; names may hold dots themselves.
    ///
    /// - Throws: ``ConfigurationErrors`` where it says nothing there.
    package func resetting(_ path: String) throws(ConfigurationErrors) -> SettingsLayer {
        guard let names = Self.names(of: path, in: root) else {
            let problem = ConfigurationProblem(isOfLayer: true, path: path, message: "nothing is changed here")
            throw ConfigurationErrors(file: nil, problems: [problem])
        }
        return removing(names)
    }

    private static func names(of path: String, in value: LayerValue) -> [String]? {
        guard case .object(let members) = value else { return nil }
        for member in members {
            if member.key == path { return [path] }
            guard path.hasPrefix(member.key + ".") else { continue }
            let rest = String(path.dropFirst(member.key.count + 1))
            if let names = names(of: rest, in: member.value) { return [member.key] + names }
        }
        return nil
    }

    /// Without orders to take away what the file of these settings does not have.
    package func pruned(beside settings: Settings) -> SettingsLayer {
        SettingsLayer(root: root.pruned(against: settings.origin.fileTree))
    }

    /// Whether it says something of this path, or of something in it.
    package func has(_ path: [String]) -> Bool {
        var value: LayerValue? = root
        for name in path { value = value?[name] }
        return value != nil
    }

    /// The names of the members at a path.
    package func names(at path: [String]) -> [String] {
        var value: LayerValue? = root
        for name in path { value = value?[name] }
        guard case .object(let members)? = value else { return [] }
        return members.filter { $0.value != .null }.map(\.key)
    }

    /// The same with its secrets changed, each by its path.
    package func mappingSecrets(
        _ change: (_ path: String, _ secret: String) throws -> String
    ) rethrows -> SettingsLayer {
        let secrets = Set(leaves.filter(\.isSecret).map(\.path))
        return SettingsLayer(root: try root.mapping { try secrets.contains($0) ? change($0, $1) : $1 })
    }

    /// The same with all its texts changed, each by its path.
    package func mappingTexts(_ change: (_ path: String, _ text: String) throws -> String) rethrows -> SettingsLayer {
        SettingsLayer(root: try root.mapping { try change($0, $1) })
    }
}

/// Why something is no layer: the end of a sentence.
package struct LayerFault: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension SettingsLayer: CustomStringConvertible, CustomReflectable {
    /// Nothing of it, since it holds secrets.
    package var description: String { Self.mask }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
