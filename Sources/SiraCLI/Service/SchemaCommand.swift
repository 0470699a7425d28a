import ArgumentParser
import SiraConfiguration

/// `sira schema`.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of the configuration file."
    )

    func run() {
        CommandContext.current.print(Settings.jsonSchema)
    }
}
