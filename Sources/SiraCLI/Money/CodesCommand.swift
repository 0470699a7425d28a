import ArgumentParser
import SiraJSON

/// `sira codes`.
struct CodesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "codes",
        abstract: "Make and list codes that organizations turn in for credit.",
        discussion: "Asks a gateway that runs.",
        subcommands: [CodesCreateCommand.self, CodesListCommand.self]
    )
}

/// `sira codes create`.
struct CodesCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a code, whose text is shown this once."
    )

    @Argument(help: ArgumentHelp("What it is worth, in dollars.", valueName: "dollars"))
    var amount: String

    @Option(help: "How many organizations may turn it in, each once.")
    var uses = 1

    @Option(help: ArgumentHelp("Until when it is taken, such as 2026-12-31.", valueName: "time"))
    var expires: String?

    @Option(help: "For people: a campaign, an event.")
    var note = ""

    @OptionGroup var options: AdminOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        var json = JSONWriter()
        json.object { json in
            json.member("amount_usd", amount)
            json.member("uses", uses)
            if let expires { json.member("expires_at", expires) }
            json.member("note", note)
        }
        let answer = try await options.ask("POST", "/api/v1/redeem-codes", body: json.bytes)
        try output.print(answer: answer) { "\($0["code"]?.string ?? "?")  (\($0["id"]?.string ?? "?"))" }
    }
}

/// `sira codes list`.
struct CodesListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List codes, without their texts.")

    @OptionGroup var options: AdminOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await options.ask("GET", "/api/v1/redeem-codes?limit=200")
        try output.print(answer: answer) { json in
            var table = TextTable("code", "#worth $", "#used", "#of", "expires", "withdrawn", "note")
            for code in json["data"].map({ Array($0.elements) }) ?? [] {
                table.add(
                    code["id"]?.string ?? "",
                    code["amount_usd"]?.string ?? "",
                    code["used"]?.integer.map(String.init) ?? "",
                    code["uses"]?.integer.map(String.init) ?? "",
                    code["expires_at"]?.string ?? "-",
                    code["revoked_at"]?.string ?? "-",
                    (code["note"]?.string ?? "").visible
                )
            }
            return table.text
        }
    }
}
