import ArgumentParser
import SiraJSON
import SiraTenancy

/// `sira invoices`.
struct InvoicesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invoices",
        abstract: "Issue and show invoices.",
        discussion: "Asks a gateway that runs.",
        subcommands: [InvoicesCreateCommand.self, InvoicesShowCommand.self]
    )
}

/// `sira invoices create`.
struct InvoicesCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Issue the invoice for an organization's month; once, and again gives the same."
    )

    @Argument(help: ArgumentHelp("The organization's id.", valueName: "org_…"))
    var organization: String

    @Argument(help: ArgumentHelp("The month, such as 2026-10; it must be over.", valueName: "month"))
    var month: String

    @Flag(help: "Issue it within three days of the month's end, when usage may still come.")
    var early = false

    @OptionGroup var options: AdminOptions
    @OptionGroup var output: OutputOptions

    func validate() throws { try AdminOptions.check(organization, .organization) }

    func run() async throws {
        var json = JSONWriter()
        json.object { json in
            json.member("month", month)
            if early { json.member("early", true) }
        }
        let path = "/api/v1/organizations/\(organization)/invoices"
        let answer = try await options.ask("POST", path, body: json.bytes)
        try output.print(answer: answer) { "Issued \($0["number"]?.string ?? "?")." }
    }
}

/// `sira invoices show`.
struct InvoicesShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Write an invoice to standard output: as CSV, as a page, or as JSON."
    )

    /// The forms.
    enum Form: String, ExpressibleByArgument, CaseIterable {
        case csv, html, json
    }

    @Argument(help: ArgumentHelp("The invoice's number.", valueName: "INV-…"))
    var number: String

    @Option(help: "csv, html or json.")
    var format = Form.csv

    @OptionGroup var options: AdminOptions

    func validate() throws {
        guard number.hasPrefix("INV-"), number.utf8.allSatisfy({ $0 == 0x2D || (0x30...0x5A).contains($0) }) else {
            throw ValidationError("\"\(number)\" is not the number of an invoice, such as INV-2026-000001.")
        }
    }

    func run() async throws {
        let answer = try await options.ask("GET", "/api/v1/invoices/\(number)?format=\(format.rawValue)")
        CommandContext.current.print(String(decoding: answer, as: UTF8.self))
    }
}
