/// Where each value of a ``Settings`` was written.
package struct SettingsOrigin: Sendable {
    /// The file as it was named, nil when there is none.
    package var file: String?
    /// Dotted path (`providers.openai.base_url`) → place in the file.
    package var places: [String: Place] = [:]
    /// Whether secrets themselves are written in the file, not only where they are to be found.
    package var holdsSecrets = false

    package init(file: String? = nil) {
        self.file = file
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
        var known = Substring(path)
        while places[String(known)] == nil, let dot = known.lastIndex(of: ".") { known = known[..<dot] }
        return ConfigurationProblem(place: places[String(known)], path: path, message: message)
    }
}
