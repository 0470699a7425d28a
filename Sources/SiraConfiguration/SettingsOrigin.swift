/// Where each value of a ``Settings`` was written.
package struct SettingsOrigin: Sendable {
    /// The file as it was named, nil when there is none.
    package var file: String?
    /// Dotted path (`providers.openai.base_url`) → place in the file.
    package var places: [String: Place] = [:]
    /// Whether secrets themselves are written in the file, not only where they are to be found.
    package var holdsSecrets = false
    /// The paths of the values that a ``SettingsLayer`` sets or takes away.
    package var layerPaths: Set<String> = []
    /// What the file says.
    var fileTree: SettingNode {
        get { trees.file }
        set { trees.file = newValue }
    }
    /// What file and layer say together.
    var tree: SettingNode {
        get { trees.merged }
        set { trees.merged = newValue }
    }
    private var trees = Trees()

    package init(file: String? = nil) {
        self.file = file
    }

    /// What is written, secrets included; never shown.
    private struct Trees: Sendable, CustomReflectable, CustomStringConvertible {
        var file = SettingNode(content: .empty, place: nil)
        var merged = SettingNode(content: .empty, place: nil)

        var description: String { "•••" }
        var customMirror: Mirror { Mirror(self, children: []) }
    }

    /// A line and a column, both counted from 1.
    package struct Place: Hashable, Comparable, Sendable {
        /// From 1.
        package var line: Int
        /// From 1, counted in Unicode scalars.
        package var column: Int

        package init(line: Int, column: Int) {
            self.line = line
            self.column = column
        }

        /// In the order of the text.
        package static func < (left: Place, right: Place) -> Bool {
            (left.line, left.column) < (right.line, right.column)
        }
    }

    /// A problem with the value at `path`, placed as exactly as is known: where the value is written, else where the
    /// closest section around it is.
    package func problem(at path: String, _ message: String) -> ConfigurationProblem {
        if isOfLayer(path) { return ConfigurationProblem(isOfLayer: true, path: path, message: message) }
        var known = Substring(path)
        while places[String(known)] == nil, let dot = known.lastIndex(of: ".") { known = known[..<dot] }
        return ConfigurationProblem(place: places[String(known)], path: path, message: message)
    }

    /// Whether the file says something at `path`, or of something in it.
    package func isInFile(_ path: String) -> Bool { fileTree.at(path) != nil }

    /// Whether a layer says what is at `path`, or all that there is around it.
    package func isOfLayer(_ path: String) -> Bool {
        guard !layerPaths.isEmpty else { return false }
        if layerPaths.contains(path) { return true }
        // A list is one value, and an entry that the file does not have is the layer's in all it says.
        var rest = Substring(path)
        while let cut = rest.lastIndex(where: { $0 == "." || $0 == "[" }) {
            rest = rest[..<cut]
            if layerPaths.contains(String(rest)) { return true }
        }
        return places[path] == nil && layerPaths.contains { $0.hasPrefix(path + ".") }
    }
}
