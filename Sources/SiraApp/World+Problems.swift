package import SiraConfiguration

extension ConfigurationErrors {
    /// With what is wrong with the names and links of what could be read, so that all is told at once.
    package func withNames(_ environment: Environment) -> ConfigurationErrors {
        guard let readable else { return self }
        do throws(ConfigurationErrors) {
            _ = try World(settings: readable, environment: environment)
            return self
        } catch {
            return adding(error.problems)
        }
    }
}
