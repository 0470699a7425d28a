extension Settings {
    /// The dotted paths of what differs from `running` and takes effect only after a restart, such as `server.address`.
    ///
    /// Sorted as in the reference.
    package func restartOnlyDifferences(from running: Settings) -> [String] {
        Self.fields.flatMap { $0.restartDifferences(running, self, "") }
    }
}
