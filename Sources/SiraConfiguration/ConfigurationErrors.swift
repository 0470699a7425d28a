/// One thing that is wrong with the configuration.
package struct ConfigurationProblem: Hashable, Sendable {
    /// Where it is written; nil for what is not written in a file.
    package var place: SettingsOrigin.Place?
    /// The environment variable at fault, when it is not the file.
    package var variable: String?
    /// Whether it is in a ``SettingsLayer``, not in the file.
    package var isOfLayer = false
    /// The dotted path of the field, empty for the file as a whole.
    package var path: String
    /// What was found and what is expected.
    ///
    /// Never holds a secret.
    package var message: String

    package init(
        place: SettingsOrigin.Place? = nil,
        variable: String? = nil,
        isOfLayer: Bool = false,
        path: String = "",
        message: String
    ) {
        self.place = place
        self.variable = variable
        self.isOfLayer = isOfLayer
        self.path = path
        self.message = message
    }
}

/// All that is wrong with a configuration, in the order in which it is written.
///
/// Printed, each problem is a line that editors understand:
/// `sira.yaml:12:5: providers.openai.base_url: "htp://…" is not a URL …`.
package struct ConfigurationErrors: Error, Sendable {
    /// The file as it was named, nil when there is none.
    package var file: String?
    /// Never empty.
    package var problems: [ConfigurationProblem]
    /// The settings without what is wrong in them; nil when the file could not be read at all.
    package var readable: Settings?

    package init(file: String?, problems: [ConfigurationProblem], readable: Settings? = nil) {
        self.file = file
        self.problems = problems
        self.readable = readable
    }

    /// With what a closer look at ``readable`` found.
    ///
    /// Left out is what may only follow from a problem that is known already.
    package func adding(_ later: [ConfigurationProblem]) -> ConfigurationErrors {
        // A section of another name may be the one that holds the providers.
        if readable?.providers.isEmpty == true, problems.contains(where: { !$0.path.contains(".") }) { return self }
        var result = self
        let new = later.filter { later in !problems.contains { $0.mayCause(later) } }
        result.problems = (problems + new).inOrder
        return result
    }
}

extension ConfigurationProblem {
    /// Whether the other problem might be gone with this one: they are about the same entry.
    fileprivate func mayCause(_ other: ConfigurationProblem) -> Bool {
        path == other.path || path.hasPrefix(other.path + ".") || other.path.hasPrefix(path + ".")
            || (path.section == other.path.section && path.section.contains("."))
    }
}

extension [ConfigurationProblem] {
    /// In the order of the file; what is not written in it comes last.
    var inOrder: [ConfigurationProblem] {
        let last = SettingsOrigin.Place(line: .max, column: .max)
        return enumerated().sorted { left, right in
            let (one, other) = (left.element.place ?? last, right.element.place ?? last)
            return one == other ? left.offset < right.offset : one < other
        }.map(\.element)
    }
}

extension String {
    /// The path of the section that the field of this path is in.
    var section: Substring { lastIndex(of: ".").map { self[..<$0] } ?? "" }

    /// Whether the field of this path and the other's are in the same section, or one in a section inside the other's,
    /// as long as that is no section of the root.
    func sharesEntry(with other: String) -> Bool {
        let (one, two) = (section, other.section)
        return one == two || one.contains(".") && two.hasPrefix(one + ".")
            || two.contains(".") && one.hasPrefix(two + ".")
    }
}

extension ConfigurationErrors: CustomStringConvertible {
    /// A line for each problem.
    package var description: String {
        problems.map { problem in
            var parts: [String] = []
            if let variable = problem.variable {
                parts.append("environment variable \(variable)")
            } else if problem.isOfLayer {
                parts.append("changes made in the console")
            } else if let file {
                parts.append(problem.place.map { "\(file):\($0.line):\($0.column)" } ?? file)
            }
            if !problem.path.isEmpty { parts.append(problem.path) }
            parts.append(problem.message)
            return parts.joined(separator: ": ")
        }.joined(separator: "\n")
    }
}
