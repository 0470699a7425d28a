import ArgumentParser
import SiraApp
import SiraConfiguration
import SiraCore
import SiraIdentity
import SiraJSON
import SiraSQLite
import SiraTenancy

/// `sira invite`.
struct InviteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite",
        abstract: "Let a user set a password for the web console.",
        discussion: """
            Prints a link that works once, for three days, also for somebody who has forgotten the password. Works on \
            the database directly, whether the server runs or not. Make the user first: sira users create.
            """
    )

    @Argument(help: ArgumentHelp("The user's address, id or name.", valueName: "email|id|name"))
    var name: String

    @OptionGroup var reason: ReasonOptions
    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let context = CommandContext.current
        let settings = try options.settings().admin
        let invitation = try await options.withDatabase { database in
            let identity = Identity(database, clock: context.clock)
            let id = try await UsersKind.id(of: name, identity.desk, reason.author)
            return try await identity.invite(id, by: reason.author, at: SignInPlace(address: "", agent: ""))
        }
        let base = settings.signIn.publicURL ?? "http://\(settings.address.visibleHost):\(settings.address.port)"
        let link = "\(base)/sign-in#invite=\(invitation.text.reveal())"
        output.print { json in
            json.object { json in
                json.member("link", link)
                json.member("expires_at", invitation.expiresAt.description)
            }
        } plain: {
            "\(link)\nIt works once, until \(invitation.expiresAt)."
        }
    }
}
