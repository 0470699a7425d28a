/// One field of a section: its description, and the way between the file and the section's value.
struct Field<Section: Sendable>: Sendable {
    private(set) var shape: FieldShape
    /// Reads a node into the section.
    ///
    /// What is wrong is noted in the reader, and the section keeps its default.
    let read: @Sendable (SettingNode, inout Section, inout Reader) -> Void
    /// Replaces what environment variables set.
    let overlay: @Sendable (inout Section, inout Reader) -> Void
    /// The paths of what differs and needs a restart; `path` is the section's own, empty for the root.
    let restartDifferences: @Sendable (_ old: Section, _ new: Section, _ path: String) -> [String]
    /// Puts the values of `running` that need a restart in the place of those of `new`.
    let keepRunning: @Sendable (_ new: inout Section, _ running: Section) -> Void

    /// A field that always has a value.
    ///
    /// - Parameters:
    ///   - name: the key in the file.
    ///   - property: where the section keeps the value.
    ///   - kind: how it is read and written.
    ///   - example: a value as written in the file, where the default says too little.
    ///   - variable: the environment variable that goes before the file.
    init<Value>(
        _ name: String,
        _ property: any WritableKeyPath<Section, Value> & Sendable,
        _ kind: Kind<Value>,
        example: String? = nil,
        variable: String? = nil,
        needsRestart: Bool = false,
        isRequired: Bool = false,
        _ summary: String
    ) where Section: SettingsSection {
        shape = FieldShape(
            name: name,
            summary: summary,
            shape: kind.shape,
            defaultText: isRequired ? nil : kind.write(Section()[keyPath: property]),
            example: example,
            variable: variable,
            needsRestart: needsRestart,
            isRequired: isRequired
        )
        read = { node, section, reader in
            if let value = kind.read(node, &reader) { section[keyPath: property] = value }
        }
        overlay = { section, reader in
            if let value = reader.override(name, variable, kind) { section[keyPath: property] = value }
            reader.enter(name, at: nil)
            kind.overlay(&section[keyPath: property], &reader)
            reader.leave()
        }
        restartDifferences = { old, new, path in
            let (old, new) = (old[keyPath: property], new[keyPath: property])
            let path = path.isEmpty ? name : "\(path).\(name)"
            guard old != new else { return [] }
            return needsRestart ? [path] : kind.restartDifferences(old, new, path)
        }
        keepRunning = { new, running in
            let running = running[keyPath: property]
            if needsRestart {
                new[keyPath: property] = running
            } else {
                kind.keepRunning(&new[keyPath: property], running)
            }
        }
    }

    /// A field that may have no value; `absent` says what holds then.
    init<Value>(
        _ name: String,
        _ property: any WritableKeyPath<Section, Value?> & Sendable,
        _ kind: Kind<Value>,
        absent: String? = nil,
        example: String? = nil,
        variable: String? = nil,
        needsRestart: Bool = false,
        _ summary: String
    ) where Section: SettingsSection {
        shape = FieldShape(
            name: name,
            summary: summary,
            shape: kind.shape,
            absent: absent,
            example: example,
            variable: variable,
            needsRestart: needsRestart
        )
        read = { node, section, reader in
            if let value = kind.read(node, &reader) { section[keyPath: property] = value }
        }
        overlay = { section, reader in
            if let value = reader.override(name, variable, kind) { section[keyPath: property] = value }
        }
        restartDifferences = { old, new, path in
            let path = path.isEmpty ? name : "\(path).\(name)"
            return needsRestart && old[keyPath: property] != new[keyPath: property] ? [path] : []
        }
        keepRunning = { new, running in
            if needsRestart { new[keyPath: property] = running[keyPath: property] }
        }
    }
}

extension Field {
    /// The same, which only the file can set: no layer over it.
    var onlyInFile: Field {
        var field = self
        field.shape.isFileOnly = true
        return field
    }

    /// The same, which says where the secrets of its section are sent.
    var asDestination: Field {
        var field = self
        field.shape.isDestination = true
        return field
    }
}

/// A group of fields that are described in one place: reading, JSON Schema, reference and starter file follow from it.
protocol SettingsSection: Equatable, Sendable {
    /// What the section is for, in a sentence.
    static var summary: String { get }
    @FieldList<Self> static var fields: [Field<Self>] { get }
    /// The defaults.
    init()
}

/// Makes a list of the fields that are written one below the other.
@resultBuilder enum FieldList<Section: Sendable> {
    static func buildExpression(_ field: Field<Section>) -> Field<Section> { field }
    static func buildBlock(_ fields: Field<Section>...) -> [Field<Section>] { fields }
}
