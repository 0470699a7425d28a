/// One thing that is wrong with the configuration.
package struct ConfigurationProblem: Hashable, Sendable {
    /// Where it is written; nil for what is not written in a file.
    package var place: SettingsOrigin.Place?
    /// The environment variable at fault, when it is not the file.
    package var variable: String?
    /// The dotted path of the field, empty for the file as a whole.
    package var path: String
    /// What was found and what is expected.
    ///
    /// Never holds a secret.
    package var message: String

    package init(
        place: SettingsOrigin.Place? = nil,
        variable: String? = nil,
        path: String = "",
        message: String
    ) {
        self.place = place
        self.variable = variable
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

    package init(file: String?, problems: [ConfigurationProblem]) {
        self.file = file
        self.problems = problems
    }
}

extension ConfigurationErrors: CustomStringConvertible {
    /// A line for each problem.
    package var description: String {
        problems.map { problem in
            var parts: [String] = []
            if let variable = problem.variable {
                parts.append("environment variable \(variable)")
            } else if let file {
                parts.append(problem.place.map { "\(file):\($0.line):\($0.column)" } ?? file)
            }
            if !problem.path.isEmpty { parts.append(problem.path) }
            parts.append(problem.message)
            return parts.joined(separator: ": ")
        }.joined(separator: "\n")
    }
}
