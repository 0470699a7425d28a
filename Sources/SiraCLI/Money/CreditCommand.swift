import ArgumentParser
import SiraJSON
import SiraTenancy

/// `sira credit`.
struct CreditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "credit",
        abstract: "Show an organization's prepaid credit, and add to it.",
        discussion: "Asks a gateway that runs.",
        subcommands: [CreditShowCommand.self, CreditTopUpCommand.self]
    )
}

/// `sira credit show`.
struct CreditShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show an organization's credit and the transfers that made it."
    )

    @Argument(help: ArgumentHelp("The organization's id.", valueName: "org_…"))
    var organization: String

    @OptionGroup var options: AdminOptions
    @OptionGroup var output: OutputOptions

    func validate() throws { try AdminOptions.check(organization, .organization) }

    func run() async throws {
        let answer = try await options.ask("GET", "/api/v1/organizations/\(organization)/credit")
        try output.print(answer: answer) { json in
            var table = TextTable("time", "kind", "#credit $", "memo")
            for transfer in json["data"].map({ Array($0.elements) }) ?? [] {
                let posting = transfer["postings"]?.elements.first { $0["account"]?.string == "credit:\(organization)" }
                table.add(
                    transfer["created_at"]?.string ?? "",
                    transfer["kind"]?.string ?? "",
                    posting?["amount_usd"]?.string ?? "",
                    (transfer["memo"]?.string ?? "").visible
                )
            }
            let sums = [("credit", "credit_usd"), ("included", "included_usd"), ("owed", "owed_usd")].map { name, key in
                "\(name) $\(json.members.first { $0.key.string == key }?.value.string ?? "?")"
            }
            return sums.joined(separator: ", ") + "\n\n" + table.text
        }
    }
}

/// `sira credit top-up`.
struct CreditTopUpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top-up",
        abstract: "Book a payment in advance that came by another way than Stripe."
    )

    @Argument(help: ArgumentHelp("The organization's id.", valueName: "org_…"))
    var organization: String

    @Argument(help: ArgumentHelp("What was paid, in dollars, such as 25 or 0.01.", valueName: "dollars"))
    var amount: String

    @Option(help: "What for; the audit log keeps it.")
    var reason: String

    @Option(help: "What names the payment, such as a bank's number of it; the same counts once.")
    var reference: String?

    @OptionGroup var options: AdminOptions
    @OptionGroup var output: OutputOptions

    func validate() throws { try AdminOptions.check(organization, .organization) }

    func run() async throws {
        var json = JSONWriter()
        json.object { json in
            json.member("amount_usd", amount)
            json.member("reason", reason)
            if let reference { json.member("reference", reference) }
        }
        let path = "/api/v1/organizations/\(organization)/credit/top-ups"
        let answer = try await options.ask("POST", path, body: json.bytes)
        try output.print(answer: answer) { "Booked as \($0["id"]?.string ?? "?")." }
    }
}

extension AdminOptions {
    /// Makes sure that a text is the id of a resource, since it goes into a path.
    static func check(_ id: String, _ kind: ResourceKind) throws {
        guard kind.isID(id) else {
            throw ValidationError("\"\(id)\" is not the id of a \(kind.noun), such as \(kind.exampleID).")
        }
    }
}
