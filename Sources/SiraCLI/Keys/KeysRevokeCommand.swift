import ArgumentParser
import SiraApp
import SiraCore
import SiraJSON
import SiraSQLite
import SiraStorage
import SiraTenancy

/// `sira keys revoke`.
struct KeysRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Refuse a key from now on, for good."
    )

    @Argument(help: ArgumentHelp("The key's id or name.", valueName: "id|name"))
    var key: String

    @OptionGroup var reason: ReasonOptions
    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let context = CommandContext.current
        let kept = try await options.withDatabase { database in
            let found = try await database.keys.key(called: key)
            return try await ResourceDesk(database, clock: context.clock).revokeKey(found.id, by: reason.author)
        }
        guard let revoked = kept.key else { throw StoreError.notFound(kept.id) }
        output.print { json in
            json.object {
                $0.member("id", revoked.id)
                $0.member("revoked_at", optional: revoked.revokedAt?.description)
            }
        } plain: {
            "The key \(revoked.id) (\(revoked.name)) is revoked; a running server refuses it within a second."
        }
    }
}
