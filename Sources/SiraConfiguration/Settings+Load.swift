extension Settings {
    /// Most bytes of a configuration file.
    static let fileLimit = 1_000_000
    /// The file that is read when none is named, if it exists.
    package static let defaultPath = "sira.yaml"
    /// The environment variable that names the file.
    package static let pathVariable = "SIRA_CONFIG"

    /// The settings of a file and the environment.
    ///
    /// Variables of the environment go before the layer, and that goes before the file.
    ///
    /// - Parameters:
    ///   - path: the file. nil is the one that `SIRA_CONFIG` names, else `sira.yaml` in the working directory if it
    ///     exists, else no file, which is valid.
    ///   - layer: changes that lie over the file.
    /// - Throws: all problems at once.
    package static func load(
        path: String? = nil,
        environment: Environment = .process,
        layer: SettingsLayer = .empty
    ) throws(ConfigurationErrors) -> Settings {
        guard let path = file(named: path, environment) else {
            return try parse("", file: nil, environment: environment, layer: layer)
        }
        let text: String
        do throws(Refusal) {
            text = try BoundedFile.text(path, limit: fileLimit)
        } catch {
            let problem = ConfigurationProblem(message: "the configuration file \(error.reason)")
            throw ConfigurationErrors(file: path, problems: [problem])
        }
        return try parse(text, file: path, environment: environment, layer: layer)
    }

    /// The file that ``load(path:environment:)`` reads; nil when there is none.
    package static func file(named path: String?, _ environment: Environment) -> String? {
        if let path = path ?? environment.text(pathVariable) { return path }
        return BoundedFile.exists(defaultPath) ? defaultPath : nil
    }

    /// The settings that a text describes.
    ///
    /// - Parameters:
    ///   - file: the name for messages; relative paths in the text begin at its directory.
    /// - Throws: all problems at once.
    package static func parse(
        _ text: String,
        file: String?,
        environment: Environment = Environment(),
        layer: SettingsLayer = .empty
    ) throws(ConfigurationErrors) -> Settings {
        let slash = file?.lastIndex(of: "/")
        let directory = file.flatMap { file in slash.map { $0 == file.startIndex ? "/" : String(file[..<$0]) } } ?? ""
        var reader = Reader(file: file, directory: directory, environment: environment)
        var settings = Settings()
        do throws(SettingTree.Problem) {
            settings = reader.section(reader.merge(try SettingTree.parse(text), layer)) ?? settings
        } catch {
            let problem = ConfigurationProblem(place: error.place, message: error.message)
            throw ConfigurationErrors(file: file, problems: [problem])
        }
        // A path that stands in the file is resolved already; the default is so too, so that writing it down or
        // leaving it out is the same.
        if settings.storage.directory == StorageSettings().directory {
            settings.storage.directory = reader.resolve(path: settings.storage.directory)
        }
        reader.overlay(&settings)
        settings.origin = reader.origin
        let related = settings.contradictions().filter { later in
            // What could not be read kept its default, which may contradict the rest without anyone's fault.
            !reader.problems.contains { $0.path.sharesEntry(with: later.path) }
        }
        let problems = reader.problems + related + settings.origin.strayDestinations(of: layer)
        guard problems.isEmpty else {
            throw ConfigurationErrors(file: file, problems: problems.inOrder, readable: settings)
        }
        return settings
    }
}
