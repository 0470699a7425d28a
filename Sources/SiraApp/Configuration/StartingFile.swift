import SiraConfiguration

/// The configuration file and the environment at a start.
///
/// They may be right only together with what was changed in the console, which lies where they say: so where the data
/// directory is has to be known before they are found good.
struct StartingFile {
    let path: String?
    let environment: Environment
    /// Where the data directory is.
    let storage: StorageSettings
    /// The settings of the file alone, or what is wrong with them.
    let settings: Result<Settings, ConfigurationErrors>

    /// - Throws: what is wrong with the file where nothing could mend it.
    init(path: String?, environment: Environment) throws(ConfigurationErrors) {
        self.path = path
        self.environment = environment
        do throws(ConfigurationErrors) {
            let loaded = try Settings.load(path: path, environment: environment)
            // Where there is no database nothing was changed, and none is made for a file that is wrong.
            if !DataDirectory.isUsed(loaded.storage) {
                _ = try Preparation(settings: loaded, environment: environment)
            }
            (storage, settings) = (loaded.storage, .success(loaded))
        } catch {
            let errors = error.withNames(environment)
            guard let readable = errors.readable, !errors.problems.contains(where: { $0.path.hasPrefix("storage") }),
                DataDirectory.isUsed(readable.storage)
            else { throw errors }
            (storage, settings) = (readable.storage, .failure(errors))
        }
    }
}
