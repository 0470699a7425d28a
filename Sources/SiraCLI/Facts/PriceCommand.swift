import ArgumentParser
import SiraApp
import SiraCatalog
import SiraCore
import SiraJSON
import SiraPricing
import SiraRouting
import SiraWire

/// `sira price`.
struct PriceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "price",
        abstract: "Say what a request costs, unit by unit, and where the price comes from.",
        discussion: """
            Input is the whole prompt: tokens that the provider reads from or writes to its cache are among it, and so \
            is audio. Output is the whole answer, reasoning included.
            """
    )

    @Argument(help: "A model as applications name it, such as gpt-4o or openai/gpt-4o.")
    var model: String

    @OptionGroup var counts: UsageOptions

    @Option(help: "The service tier.")
    var tier: ServiceTier = .standard

    @Option(help: ArgumentHelp("The price of that day (UTC). (default: now)", valueName: "2026-11-21"))
    var at: Moment?

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let world = try options.world()
        let now = CommandContext.current.clock.now()
        let target = try PricedModel.find(model, in: world)
        let tariff = PriceBook(world.catalog).tariff(provider: target.provider, model: target.model)
        let breakdown = tariff?.breakdown(of: counts.usage, at: at?.beginning(now: now) ?? now, tier: tier)
        output.print { json in
            json.object { write(breakdown, of: target, to: &$0) }
        } plain: {
            plain(breakdown, of: target)
        }
    }

    private func plain(_ breakdown: CostBreakdown?, of target: PricedModel) -> String {
        let title = "\(target.provider)/\(target.model)"
        guard let breakdown else { return "\(title): the price is unknown." }
        var table = TextTable("unit", "#count", "#$ per million", "#$")
        for line in breakdown.lines {
            let amount = line.amount.map(Figures.dollars) ?? "?"
            table.add(line.unit.rawValue, Figures.count(line.count), Figures.price(line.price), amount)
        }
        let total = breakdown.total.map { "$" + Figures.dollars($0) } ?? "unknown: a price that is needed is not known"
        let date = breakdown.sourceDate.map { " (\($0))" } ?? ""
        return """
            \(title)
            \(table.text)
            total: \(total)
            price from: \(breakdown.source)\(date)
            """
    }

    private func write(_ breakdown: CostBreakdown?, of target: PricedModel, to json: inout JSONWriter) {
        json.member("provider", target.provider)
        json.member("model", target.model)
        json.member("cost_usd", optional: breakdown?.total?.description)
        json.array("lines") { list in
            for line in breakdown?.lines ?? [] {
                list.object {
                    $0.member("unit", line.unit.rawValue)
                    $0.member("count", line.count)
                    $0.member("usd_per_million", optional: line.price.map { NanoUSD(nanos: $0).description })
                    $0.member("cost_usd", optional: line.amount?.description)
                }
            }
        }
        json.member("price_source", optional: breakdown?.source)
        json.member("price_date", optional: breakdown?.sourceDate?.description)
    }
}

/// How much of each unit.
struct UsageOptions: ParsableArguments {
    @Option(help: "Tokens of the prompt.")
    var input = 0

    @Option(help: "Tokens of the answer.")
    var output = 0

    @Option(help: "Tokens of the prompt that the provider has in its cache.")
    var cacheRead = 0

    @Option(help: "Tokens of the prompt that go into the provider's cache.")
    var cacheWrite = 0

    @Option(name: .customLong("cache-write-1h"), help: "The same, to stay for an hour.")
    var cacheWriteLong = 0

    @Option(help: "Tokens of the answer that are reasoning.")
    var reasoning = 0

    @Option(help: "Tokens of the prompt that are audio.")
    var audioIn = 0

    @Option(help: "Tokens of the answer that are audio.")
    var audioOut = 0

    @Option(help: "Searches of the web that the provider makes.")
    var webSearches = 0

    var usage: Usage {
        var usage = Usage(input: input, output: output)
        usage.cacheRead = cacheRead
        usage.cacheWrite = cacheWrite
        usage.cacheWriteLong = cacheWriteLong
        usage.reasoning = reasoning
        usage.inputAudio = audioIn
        usage.outputAudio = audioOut
        usage.webSearches = webSearches
        return usage
    }

    func validate() throws {
        let usage = usage
        let all = [input, output, cacheRead, cacheWrite, cacheWriteLong, reasoning, audioIn, audioOut, webSearches]
        guard all.allSatisfy({ (0...1_000_000_000_000).contains($0) }) else {
            throw ValidationError("Counts are whole numbers from 0 to a million million.")
        }
        guard all.contains(where: { $0 > 0 }) else {
            throw ValidationError("Say how much: --input, --output or others.")
        }
        guard usage.cacheRead + usage.cacheWrite + usage.cacheWriteLong <= usage.input else {
            throw ValidationError("--input is the whole prompt and cannot be less than what is cached of it.")
        }
        guard usage.inputAudio <= usage.input, usage.reasoning + usage.outputAudio <= usage.output else {
            throw ValidationError("--input and --output are whole: they cannot be less than their parts.")
        }
    }
}

extension ServiceTier: ExpressibleByArgument {}

/// The provider's model that a name means.
private struct PricedModel {
    let provider: String
    let model: String

    /// Where a request would go first; else, when no configured provider has the model, the first of the catalogue.
    ///
    /// - Throws: ``CommandFailure`` when nobody has it.
    static func find(_ name: String, in world: World) throws(CommandFailure) -> PricedModel {
        if let slash = name.firstIndex(of: "/") {
            let provider = String(name[..<slash])
            let rest = String(name[name.index(after: slash)...])
            if let known = world.catalog.model(provider: provider, name: rest) {
                return PricedModel(provider: provider, model: known.id)
            }
        }
        let plan = try? world.directory.plan(for: name, operation: .chat)
        if let deployment = plan?.candidates.first?.deployment {
            let model = deployment.model?.id ?? deployment.upstreamModel
            return PricedModel(provider: deployment.provider.id, model: model)
        }
        guard let known = world.catalog.models(named: name).first else {
            throw CommandFailure("There is no model \"\(name)\"; `sira models --all --search TEXT` looks for one.")
        }
        return PricedModel(provider: known.provider, model: known.id)
    }
}
