import ArgumentParser
import SiraCore
import SiraInsight
import SiraJSON
import SiraSQLite
import SiraStorage

/// `sira roi`.
struct ReturnsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roi",
        abstract: "Calculate what a cache and batches bring.",
        discussion: """
            With N requests of C dollars, the share HR that a cache answers, the share BR of the others that goes through \
            batches which are cheaper by D, and O dollars to have all this: N·C without, N·(1−HR)·(1−BR·D)·C + O with. \
            With --measured, what is not given comes from the books; the hit rate is then the share of the cost that \
            the providers' prompt caches saved. Without it, neither a server nor a database is needed.
            """
    )

    @Option(name: .customLong("requests"), help: ArgumentHelp("N: requests that clients make.", valueName: "n"))
    var requests: Int64?

    @Option(
        name: .customLong("cost"),
        help: ArgumentHelp("C: what one request costs without.", valueName: "dollars"),
        transform: AmountOption.read
    )
    var cost: NanoUSD?

    @Option(help: ArgumentHelp("HR: what the cache answers.", valueName: "share"), transform: ShareOption.read)
    var hitRate: Double?

    @Option(help: ArgumentHelp("BR: what goes through batches.", valueName: "share"), transform: ShareOption.read)
    var batchRate: Double = 0

    @Option(help: ArgumentHelp("D: what batches are cheaper by.", valueName: "share"), transform: ShareOption.read)
    var batchDiscount: Double = 0.5

    @Option(
        help: ArgumentHelp("O: what is spent to have all this.", valueName: "dollars"),
        transform: AmountOption.read
    )
    var overhead: NanoUSD = .zero

    @Flag(help: "Take what is not given from the books.")
    var measured = false

    @OptionGroup var past: PastOptions
    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard measured || (requests != nil && cost != nil) else {
            throw ValidationError("Give --requests and --cost, or --measured to take them from the books.")
        }
        guard requests ?? 0 >= 0, cost ?? .zero >= .zero, overhead >= .zero else {
            throw ValidationError("Requests and dollars cannot be negative.")
        }
    }

    func run() async throws {
        var model = ReturnModel(requests: requests ?? 0, costPerRequest: cost ?? .zero)
        if measured {
            let time = try past.time(now: CommandContext.current.clock.now())
            model = try await options.withDatabase { database in
                var query = RollupQuery(from: time.lowerBound, until: time.upperBound)
                query.narrow(to: past.scope)
                return ReturnModel(measured: try await database.rollups.totals(query).first?.totals ?? UsageTotals())
            }
            if let requests { model.requests = requests }
            if let cost { model.costPerRequest = cost }
        }
        if let hitRate { model.cacheHitRate = Share(hitRate) }
        model.batchRate = Share(batchRate)
        model.batchDiscount = Share(batchDiscount)
        model.overhead = overhead
        let report = ReturnReport(model)
        output.print { json in
            json.object { report.write(to: &$0) }
        } plain: {
            report.text
        }
    }
}
