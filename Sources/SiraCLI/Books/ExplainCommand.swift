import ArgumentParser
import SiraCore
import SiraJSON
import SiraSQLite
import SiraStorage

/// `sira explain`.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say why a request went where it went, and what became of it.",
        discussion: """
            The id is in the answer's x-sira-request-id header, and in the lines of `sira logs`. Times are UTC. A request \
            can be explained about a second after its answer has ended.
            """
    )

    @Argument(help: ArgumentHelp("The request's id.", valueName: "req_…"))
    var request: String

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard RequestID(request) == nil else { return }
        throw ValidationError("\"\(request)\" is not the id of a request: those are req_ and 26 characters.")
    }

    func run() async throws {
        guard let id = RequestID(request) else { return }
        let explanation = try await options.withDatabase { database in
            RequestExplanation(
                request: id,
                records: try await database.usage.records(of: id),
                decision: try await database.decisions.decision(of: id),
                feedback: try await database.feedback.feedback(on: id)
            )
        }
        guard !explanation.isEmpty else {
            throw CommandFailure(
                "There is no request \(id) in the books. One that has just ended is there within a second or so; one that "
                    + "is older than storage.retention.requests is gone."
            )
        }
        output.print { json in
            json.object { explanation.write(to: &$0) }
        } plain: {
            explanation.plain
        }
    }
}
