import ArgumentParser
import Foundation
import SiraApp
import SiraCore
import SiraJSON
import SiraRouting
import SiraWire

/// `sira route`.
struct RouteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "route",
        abstract: "Tell where a request would go, and why, without sending it.",
        discussion: """
            Goes by the configuration alone: how providers do is known to a gateway that runs. Ask that one by sending \
            the request with the header x-sira-dry-run: 1.
            """
    )

    @Argument(help: ArgumentHelp("The request's body, a file of JSON; - for standard input.", valueName: "file"))
    var body: String = "-"

    @Flag(help: "Says what the command does anyhow: nothing is sent.")
    var dryRun = false

    @Option(help: "The protocol of the body: openai, responses, anthropic, gemini, bedrock, cohere or ollama.")
    var `protocol` = "openai"

    @Option(help: "The model, in place of the one in the body.")
    var model: String?

    @Option(
        help: ArgumentHelp(
            "A header field of the client's, such as \"x-sira-objective: cheapest\".",
            valueName: "field"
        )
    )
    var header: [String] = []

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard WireProtocol(rawValue: `protocol`) == nil else { return }
        let known = WireProtocol.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("\"\(`protocol`)\" is no protocol: it can be \(known).")
    }

    func run() throws {
        guard let wire = WireProtocol(rawValue: `protocol`) else { return }
        let plan: Plan
        do throws(GatewayError) {
            plan = try RoutePreview(try loaded()).plan(
                for: try bytes(),
                in: wire,
                model: model,
                headers: try fields(),
                at: CommandContext.current.clock.now()
            )
        } catch {
            throw CommandFailure(error.message)
        }
        var json = JSONWriter(capacity: 2_048)
        plan.decision.write(to: &json)
        let bytes = json.bytes
        output.print { json in
            json.element(RawJSON(bytes: bytes))
        } plain: {
            let told = try? JSONIndexer().read(bytes, limits: .answer) { DecisionTables(json: $0).texts }
            return (told ?? []).joined(separator: "\n\n")
        }
    }

    private func loaded() throws(GatewayError) -> World {
        do {
            return try options.world()
        } catch {
            throw GatewayError(.invalidField, "\(error)")
        }
    }

    private func bytes() throws(GatewayError) -> [UInt8] {
        let data =
            body == "-" ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: body)
        guard let data else { throw GatewayError(.invalidField, "There is no file \(body), or it cannot be read.") }
        return Array(data)
    }

    private func fields() throws(GatewayError) -> HeaderFields {
        var fields = HeaderFields()
        for text in header {
            guard let colon = text.firstIndex(of: ":") else {
                throw GatewayError(.invalidField, "\"\(text)\" is no header field; write \"name: value\".")
            }
            let value = text[text.index(after: colon)...].drop { $0 == " " }
            fields.append(text[..<colon].lowercased(), String(value))
        }
        return fields
    }
}
