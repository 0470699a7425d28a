/// Gathers values and problems while a configuration is read: where it stands, and what texts stand for.
struct Reader {
    let environment: Environment
    /// The directory at which relative paths begin; empty for the working directory.
    let directory: String
    private(set) var origin: SettingsOrigin
    private(set) var problems: [ConfigurationProblem] = []
    private var path: [String] = []
    /// The environment variable that is being read, if it is not the file.
    private var variable: String?

    init(file: String?, directory: String, environment: Environment) {
        self.environment = environment
        self.directory = directory
        origin = SettingsOrigin(file: file)
    }

    /// Puts a layer over the tree of a file.
    mutating func merge(_ tree: SettingNode, _ layer: SettingsLayer) -> SettingNode {
        let (merged, paths) = tree.merged(with: layer)
        (origin.fileTree, origin.tree, origin.layerPaths) = (tree, merged, paths)
        return merged
    }

    // MARK: where it stands

    /// Goes into a field or element; `place` is where it is written.
    mutating func enter(_ name: String, at place: SettingsOrigin.Place?) {
        path.append(name)
        if let place { origin.places[dottedPath] = place }
    }

    mutating func leave() {
        path.removeLast()
    }

    /// The path of what is being read, such as `providers.openai.keys[0]`.
    var dottedPath: String {
        path.reduce(into: "") { text, name in
            text += text.isEmpty || name.hasPrefix("[") ? name : "." + name
        }
    }

    /// Whether this is inside an entry of providers or models, where no other section can be meant.
    var isInMap: Bool {
        var section = SectionShape.root
        for name in path {
            guard let field = section.fields.first(where: { $0.name == name }), let inner = field.shape.inner else {
                break
            }
            if inner.key != nil { return true }
            section = inner.section
        }
        return false
    }

    mutating func fail(_ message: String, at place: SettingsOrigin.Place?) {
        let path = dottedPath
        let isOfLayer = place == nil && variable == nil && origin.isOfLayer(path)
        problems.append(
            ConfigurationProblem(
                place: place,
                variable: variable,
                isOfLayer: isOfLayer,
                path: path.onOneLine,
                message: message
            )
        )
    }

    // MARK: what texts stand for

    /// The text of a scalar, variables replaced; nil after noting why there is none.
    mutating func text(of node: SettingNode, expected: String) -> String? {
        guard case .scalar(let text) = node.content else {
            fail("expected \(expected.withArticle), found \(node.found)", at: node.place)
            return nil
        }
        guard variable == nil, Interpolation.isNeeded(text) else { return text }
        guard !node.isOfLayer else {
            fail("a reference ${…} to the environment can stand in the file alone; give the value itself", at: nil)
            return nil
        }
        do throws(Refusal) {
            return try Interpolation.resolve(text, environment)
        } catch {
            fail(error.reason, at: node.place)
            return nil
        }
    }

    /// The text of a secret: as it is written, or what the file holds that it names by `file:`.
    mutating func secretText(of node: SettingNode) -> String? {
        guard let text = text(of: node, expected: "text") else { return nil }
        guard !node.isOfLayer else {
            guard !text.hasPrefix("file:") else {
                fail("a file can be named by file: in the configuration file alone; give the secret itself", at: nil)
                return nil
            }
            guard !text.hasPrefix(SettingsLayer.sealMark) else {
                fail("the secret cannot be read with this master key; give it again", at: nil)
                return nil
            }
            return text
        }
        guard text.hasPrefix("file:") else {
            if case .scalar(let written) = node.content, variable == nil, !Interpolation.isNeeded(written) {
                origin.holdsSecrets = true
            }
            return text
        }
        let path = resolve(path: String(text.dropFirst("file:".count)))
        do throws(Refusal) {
            var content = try BoundedFile.text(path, limit: 65_536)[...]
            while content.last?.isNewline == true { content.removeLast() }
            return String(content)
        } catch {
            fail("the file \(path) \(error.reason)", at: node.place)
            return nil
        }
    }

    /// The path with the directory before it, if it is relative.
    func resolve(path: String) -> String {
        guard !path.hasPrefix("/"), !directory.isEmpty, variable == nil else { return path }
        let rest = path.hasPrefix("./") ? path.dropFirst(2) : path[...]
        return directory.hasSuffix("/") ? directory + rest : "\(directory)/\(rest)"
    }

    /// The text in quotes, for messages.
    ///
    /// Where variables were replaced it is the text before that, because what came from the environment may be a secret
    /// in the wrong place.
    func shown(_ text: String, from node: SettingNode) -> String {
        guard case .scalar(let written) = node.content, variable == nil else { return "\"\(text.shortened)\"" }
        return "\"\(written.shortened)\""
    }

    /// The value that the environment sets for a field; nil when it sets none, or a wrong one.
    mutating func override<Value>(_ name: String, _ variable: String?, _ kind: Kind<Value>) -> Value? {
        guard let variable, let text = environment.text(variable) else { return nil }
        path.append(name)
        self.variable = variable
        defer {
            path.removeLast()
            self.variable = nil
        }
        return kind.read(SettingNode(content: .scalar(text), place: nil), &self)
    }
}

extension String {
    /// At most sixty characters on one line.
    var shortened: String {
        let line = onOneLine
        return line.count <= 60 ? line : line.prefix(59) + "…"
    }

    /// Without line breaks and other control characters, which would make a mess of terminals and logs.
    var onOneLine: String {
        String(
            map { character in
                character.isNewline || character.unicodeScalars.contains { $0.properties.generalCategory == .control }
                    ? " " : character
            }
        )
    }

    /// With `a` or `an` before it, unless it is a list of words or needs none.
    fileprivate var withArticle: String {
        if contains("|") { return "one of " + replacing(" | ", with: ", ") }
        if contains(" or ") || self == "text" || self == "dollars" || contains(":") { return self }
        return ("aeio".contains(first ?? " ") ? "an " : "a ") + self
    }
}
