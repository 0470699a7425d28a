import ArgumentParser
import SiraCore
import SiraSQLite
import SiraStorage
import SiraTenancy
import Synchronization

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

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let context = CommandContext.current
        let now = context.clock.now()
        let grace = grace.duration
        let issued = try await options.withDatabase { database in
            let found = try await database.keys.key(called: key)
            // The new text is drawn where nothing comes between reading the key and writing it.
            let drawn = Mutex<IssuedKey?>(nil)
            _ = try await database.keys.update(found.id) { key in
                guard key.revokedAt == nil else {
                    throw CommandFailure("The key \(key.id) is revoked; `sira keys create` makes a new one.")
                }
                let issued = key.rotated(grace: grace, at: now)
                drawn.withLock { $0 = issued }
                key = issued.key
                return context.entry("key.rotate", key.id)
            }
            guard let issued = drawn.withLock({ $0 }) else { throw StoreError.notFound(found.id) }
            return issued
        }
        let old =
            issued.key.retiring.map { "works until \($0.validUntil.minute) UTC" }
            ?? "works no more, at a running server within a second"
        issued.show(output, headline: "The old text \(old). The new one of \(issued.key.id) (\(issued.key.name)) is:")
    }
}
