package import SiraJSON

/// Settings as a document: every field with its value, and where each that somebody gave comes from.
///
/// Values are as they are written; secrets are not shown.
package struct SettingsDocument: Sendable {
    /// Who gave a value.
    package enum Source: String, Sendable {
        case file, environment, console
    }

    /// A value that somebody gave.
    package struct Given: Sendable {
        package let source: Source
        /// As JSON; a mask for secrets.
        package let shown: RawJSON
        /// As it is written, so that changes of secrets are noticed; not to be shown.
        let written: String
    }

    /// All fields, those that nobody gave with their defaults.
    package let json: RawJSON
    /// The values that somebody gave, by path; a list is one value.
    package let given: [String: Given]
    /// The paths of fields that cannot be changed over the file, and why.
    package let locked: [String: String]
    /// The configuration file; nil where there is none.
    package let file: String?

    package init(_ settings: Settings, environment: Environment) {
        var builder = DocumentBuilder(origin: settings.origin, environment: environment)
        json = builder.section(.root, settings.origin.tree, path: "", lock: nil)
        (given, locked) = (builder.given, builder.locked)
        file = settings.origin.file
    }

    /// The part of it at a path; nil where there is none.
    package func part(_ path: [String]) -> RawJSON? {
        try? JSONIndexer().read(json.bytes, limits: .answer) { root -> RawJSON? in
            var value: JSONValue? = root
            for name in path { value = value?.members.first { $0.key.string == name }?.value }
            return value?.rawJSON
        }
    }

    /// What is other than in an earlier document: path, value before and value after, sorted by path.
    package func changes(from old: SettingsDocument) -> [(path: String, before: RawJSON?, after: RawJSON?)] {
        let paths = Set(given.keys).union(old.given.keys).sorted()
        return paths.compactMap { path in
            let (before, after) = (old.given[path], given[path])
            guard before?.written != after?.written else { return nil }
            return (path, before?.shown, after?.shown)
        }
    }
}

/// Puts a ``SettingsDocument`` together.
private struct DocumentBuilder {
    let origin: SettingsOrigin
    let environment: Environment
    var given: [String: SettingsDocument.Given] = [:]
    var locked: [String: String] = [:]

    mutating func section(
        _ section: SectionShape,
        _ node: SettingNode?,
        path: String,
        lock: LayerLeaf.Lock?
    ) -> RawJSON {
        var json = JSONWriter()
        json.object { json in
            for field in section.fields {
                json.key(dynamic: field.name)
                json.element(value(of: field, node?[field.name], path: path.child(field.name), lock: lock))
            }
        }
        return RawJSON(bytes: json.bytes)
    }

    private mutating func value(
        of field: FieldShape,
        _ node: SettingNode?,
        path: String,
        lock: LayerLeaf.Lock?
    ) -> RawJSON {
        let lock = lock ?? field.lock
        if let variable = field.variable, let text = environment.text(variable) {
            locked[path] = "environment \(variable)"
            let shown = Self.json(text, field.shape)
            given[path] = .init(source: .environment, shown: shown, written: text)
            return shown
        }
        if let lock, field.shape.inner?.key != nil || field.shape.inner == nil {
            locked[path] = lock == .restart ? "restart" : "file"
        }
        let isGiven = if case .empty? = node?.content { false } else { node != nil }
        if case .section(let inner) = field.shape {
            return section(inner, isGiven ? node : nil, path: path, lock: lock)
        }
        guard isGiven, let node else { return Self.fallback(field) }
        return value(node, field.shape, path: path, lock: lock)
    }

    private mutating func value(
        _ node: SettingNode,
        _ shape: Shape,
        path: String,
        lock: LayerLeaf.Lock?
    ) -> RawJSON {
        if case .map(let members) = node.content {
            switch shape {
            case .section(let inner):
                if members.isEmpty { note(RawJSON("{}"), node, path) }
                return section(inner, node, path: path, lock: lock)
            case .map(_, let entry):
                var json = JSONWriter()
                json.object { json in
                    for member in members {
                        json.key(dynamic: member.key)
                        json.element(value(member.value, entry, path: path.child(member.key), lock: lock))
                    }
                }
                if members.isEmpty { note(RawJSON("{}"), node, path) }
                return RawJSON(bytes: json.bytes)
            case .scalar, .list, .either: break
            }
        }
        if case .empty = node.content, case .section(let inner) = shape {
            note(RawJSON("{}"), node, path)
            return section(inner, nil, path: path, lock: lock)
        }
        let shown = Self.json(node, shape)
        note(shown, node, path)
        return shown
    }

    private mutating func note(_ shown: RawJSON, _ node: SettingNode, _ path: String) {
        given[path] = .init(source: origin.isOfLayer(path) ? .console : .file, shown: shown, written: node.written)
    }

    // MARK: values

    /// What holds where nobody says anything.
    private static func fallback(_ field: FieldShape) -> RawJSON {
        if case .map = field.shape { return RawJSON("{}") }
        guard let text = field.defaultText, let node = try? SettingTree.parse(text) else { return RawJSON("null") }
        return json(node, field.shape)
    }

    /// A value as it is written, with secrets masked.
    private static func json(_ node: SettingNode, _ shape: Shape) -> RawJSON {
        var json = JSONWriter()
        switch node.content {
        case .empty: return RawJSON("null")
        case .scalar(let text): return Self.json(text, shape)
        case .list(let elements):
            let element: Shape = if case .list(let element) = shape { element } else { shape }
            json.array { list in for node in elements { list.element(Self.json(node, element)) } }
        case .map(let members):
            let fields: [FieldShape] =
                switch shape {
                case .section(let section): section.fields
                case .either(let one, let other): one.inner?.section.fields ?? other.inner?.section.fields ?? []
                case .scalar, .list, .map: []
                }
            json.object { json in
                for member in members {
                    json.key(dynamic: member.key)
                    let inner = fields.first { $0.name == member.key }?.shape ?? shape
                    json.element(Self.json(member.value, inner))
                }
            }
        }
        return RawJSON(bytes: json.bytes)
    }

    private static func json(_ text: String, _ shape: Shape) -> RawJSON {
        switch shape {
        case .scalar(let scalar):
            guard !scalar.isSecret else { return quoted(SettingsLayer.mask) }
            return scalar.forms.contains { $0.takesLiteral(text) } ? RawJSON(text) : quoted(text)
        case .either(let one, let other):
            if case .scalar = one { return json(text, one) }
            if case .scalar = other { return json(text, other) }
            return quoted(text)
        case .list, .map, .section: return quoted(text)
        }
    }

    private static func quoted(_ text: String) -> RawJSON {
        var json = JSONWriter()
        json.element(text)
        return RawJSON(bytes: json.bytes)
    }
}

extension ScalarShape.Form {
    /// Whether a text stands for itself in JSON.
    fileprivate func takesLiteral(_ text: String) -> Bool {
        switch self {
        case .boolean: text == "true" || text == "false"
        case .integer: Int(text).map { String($0) == text } ?? false
        case .number, .decimal: Self.isJSONNumber(text)
        case .text, .words: false
        }
    }

    /// Whether a decimal number is written as JSON has it: no zero before other digits, no point without digits.
    private static func isJSONNumber(_ text: String) -> Bool {
        let parts = (text.hasPrefix("-") ? text.dropFirst() : text[...])
            .split(separator: ".", omittingEmptySubsequences: false)
        guard DecimalNumber.value(text) != nil, let whole = parts.first, !parts.contains("") else { return false }
        return whole == "0" || !whole.hasPrefix("0")
    }
}

extension SettingNode {
    /// All that is written in it.
    fileprivate var written: String {
        switch content {
        case .empty: ""
        case .scalar(let text): text
        case .list(let elements): "[" + elements.map { $0.written.debugDescription }.joined(separator: ",") + "]"
        case .map(let members):
            "{"
                + members.map { "\($0.key.debugDescription):\($0.value.written.debugDescription)" }
                .joined(separator: ",") + "}"
        }
    }
}
