import ArgumentParser
import SiraApp
import SiraCore
import SiraSQLite
import SiraStorage
import SiraTenancy

/// `sira keys rotate`.
struct KeysRotateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Give a key a new text and show it, once.",
        discussion: "Id, name, models and tags stay, so reports go on as before."
    )

    @Argument(help: ArgumentHelp("The key's id or name.", valueName: "id|name"))
    var key: String

    @Option(
        help: ArgumentHelp("How long the old text still works beside the new one; 0s ends it now.", valueName: "24h"),
        transform: Span.read
    )
    var grace: Span = .day

    @OptionGroup var reason: ReasonOptions
    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let context = CommandContext.current
        let grace = grace.duration
        let issued = try await options.withDatabase { database in
            let found = try await database.keys.key(called: key)
            let desk = ResourceDesk(database, clock: context.clock)
            return try await desk.rotateKey(found.id, grace: grace, by: reason.author)
        }
        guard let key = issued.kept.key else { throw StoreError.notFound(issued.kept.id) }
        let old =
            key.retiring.map { "works until \($0.validUntil.minute) UTC" }
            ?? "works no more, at a running server within a second"
        issued.show(output, headline: "The old text \(old). The new one of \(key.id) (\(key.name)) is:")
    }
}
