import ArgumentParser
import SiraApp
import SiraConfiguration
import SiraCore
import SiraIdentity
import SiraJSON
import SiraSQLite
import SiraStorage

/// What all commands take that ask a gateway that runs.
struct AdminOptions: ParsableArguments {
    /// The exit code when no gateway could be asked.
    static let unreachable = ExitCode(2)

    @OptionGroup var configuration: ConfigurationOptions

    @Option(
        help: ArgumentHelp(
            "Where the gateway's admin listener is, such as http://10.0.0.7:8081. (default: as configured)",
            valueName: "url"
        )
    )
    var url: String?

    /// Asks, and gives the body of an answer that is no refusal.
    ///
    /// - Throws: ``unreachable`` after it has said why, or ``CommandFailure`` with the gateway's words.
    func ask(_ method: String, _ path: String, body: [UInt8]? = nil) async throws -> [UInt8] {
        let settings = try configuration.settings().admin
        let reply: AdminCaller.Reply
        do throws(AdminCaller.Failure) {
            var caller = try AdminCaller(url: url, settings: settings)
            var first = try await caller.call(method, path, body: body)
            if first.status == 401, let session = await session(settings) {
                caller.session = session
                first = try await caller.call(method, path, body: body)
            }
            reply = first
        } catch {
            CommandContext.current.complain("\(error)")
            throw Self.unreachable
        }
        guard reply.status != 401 else {
            CommandContext.current.complain(
                "The gateway wants its admin token: set SIRA_ADMIN_TOKEN, or run this where its configuration (--config) and its database are."
            )
            throw Self.unreachable
        }
        guard (200..<300).contains(reply.status) else { throw CommandFailure(Self.refusal(reply)) }
        return reply.body
    }

    /// A session for this command, where the gateway's database is at hand; nil where it is not.
    ///
    /// Whoever can write the database could do everything there, so nothing is opened that was closed. It is shown to
    /// the gateway of the configuration alone, not to whatever `--url` names.
    private func session(_ settings: AdminSettings) async -> Secret? {
        guard url == nil, settings.token == nil else { return nil }
        let context = CommandContext.current
        return try? await configuration.withDatabase { database in
            try await Identity.commandSession(of: context.author().actor, in: database.accounts, context.clock)
        }
    }

    private static func refusal(_ reply: AdminCaller.Reply) -> String {
        let message = try? JSONIndexer().read(reply.body, limits: .answer) { $0["error"]?["message"]?.string }
        return message.flatMap { $0 }?.visible ?? "The admin listener answered with the status \(reply.status)."
    }
}

extension OutputOptions {
    /// Prints an answer as it is, or as `plain` reads it.
    ///
    /// - Throws: ``CommandFailure`` when it is not JSON, as what is no gateway might answer.
    func print(answer: [UInt8], plain: (JSONValue) throws -> String) throws {
        do {
            let text = try JSONIndexer().read(answer, limits: .answer) { try plain($0) }
            CommandContext.current.print(json ? String(decoding: answer, as: UTF8.self) : text)
        } catch is JSONError {
            throw CommandFailure("What answers there is no admin listener of a gateway.")
        }
    }
}
