import ArgumentParser
import Foundation
import SiraApp
import SiraConfiguration
import SiraCore
import SiraJSON
import SiraSQLite

/// What all commands take that read the configuration.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: [.long, .short],
        help: "The configuration file. (default: $SIRA_CONFIG, else ./sira.yaml if it exists)"
    )
    var config: String?

    /// The settings of file and environment.
    func settings() throws(ConfigurationErrors) -> Settings {
        let environment = CommandContext.current.environment
        do throws(ConfigurationErrors) {
            return try Settings.load(path: config, environment: environment)
        } catch {
            throw error.withNames(environment)
        }
    }

    /// What the settings amount to, with the catalogue.
    func world() throws(ConfigurationErrors) -> World {
        try World(settings: try settings(), environment: CommandContext.current.environment)
    }

    /// All that the server needs before it opens anything.
    func preparation() throws(ConfigurationErrors) -> Preparation {
        try Preparation(settings: try settings(), environment: CommandContext.current.environment)
    }

    /// The database of the data directory, which a running server has open as well.
    ///
    /// - Parameter isMade: whether it is made where there is none, so that keys can be created before the first start;
    ///   this is told on standard error.
    /// - Throws: ``CommandFailure`` when there is none and none is to be made.
    func withDatabase<Result>(
        made isMade: Bool = false,
        _ body: nonisolated(nonsending) (SQLiteDatabase) async throws -> Result
    ) async throws -> Result {
        let storage = try settings().storage
        let path = DataDirectory.databasePath(in: storage)
        let isThere = FileManager.default.fileExists(atPath: path)
        guard isThere || isMade else {
            throw CommandFailure(
                "There is no database at \(path). Does the server use another data directory? "
                    + "Say which by SIRA_DATA_DIR, or run this with its configuration (--config)."
            )
        }
        let database = try SQLiteDatabase(path: try DataDirectory.databasePath(storage))
        if !isThere { CommandContext.current.complain("There was no database yet; made \(path).") }
        do {
            let result = try await body(database)
            try database.close()
            return result
        } catch {
            try? database.close()  // the first error is the one to tell
            throw error
        }
    }
}

/// What all commands take that print something a program may want to read.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print JSON.")
    var json = false

    /// Prints what was asked for: the document `json`, or the text `plain`.
    func print(json document: (inout JSONWriter) -> Void, plain: () -> String) {
        guard json else { return CommandContext.current.print(plain()) }
        var writer = JSONWriter()
        document(&writer)
        CommandContext.current.print(String(decoding: writer.bytes, as: UTF8.self))
    }
}

extension JSONWriter {
    /// A member that is null when there is no value.
    mutating func member(_ key: StaticString, optional value: String?) {
        if let value { member(key, value) } else { null(key) }
    }

    /// A member that is null when there is no value.
    mutating func member(_ key: StaticString, optional value: (some BinaryInteger)?) {
        if let value { member(key, value) } else { null(key) }
    }

    /// A list of words.
    mutating func array(_ key: StaticString, words: [String]) {
        array(key) { list in
            for word in words { list.element(word) }
        }
    }
}
