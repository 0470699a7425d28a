extension Settings {
    /// The dotted paths of what differs from `running` and takes effect only after a restart, such as `server.address`.
    ///
    /// Sorted as in the reference.
    package func restartOnlyDifferences(from running: Settings) -> [String] {
        Self.fields.flatMap { $0.restartDifferences(running, self, "") }
    }

    /// What these settings come to in a process that began with `running`: its values of all that takes effect only
    /// after a restart, and these of the rest.
    ///
    /// - Throws: what is valid on its own but not beside the running values, such as an admin listener that is to
    ///   lose its token while it still listens where other machines can connect.
    package func inForce(beside running: Settings) throws(ConfigurationErrors) -> Settings {
        var settings = self
        for field in Self.fields { field.keepRunning(&settings, running) }
        let problems = settings.contradictions()
        guard problems.isEmpty else {
            let reason = "; until a restart, the values hold with which the process began"
            throw ConfigurationErrors(
                file: origin.file,
                problems: problems.map { problem in
                    var problem = problem
                    problem.message += reason
                    return problem
                }
            )
        }
        return settings
    }
}
