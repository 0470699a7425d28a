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
            Without any amount, the prices of the model are listed.

            Input is the whole prompt: tokens that the provider reads from or writes to its cache are among it, and so \
            are audio and pictures. Output is the whole answer, reasoning included.
            """
    )

    @Argument(help: "A model as applications name it, such as gpt-4o or openai/gpt-4o.")
    var model: String

    @OptionGroup var counts: UsageOptions

    @Option(help: "The service tier.")
    var tier: ServiceTier = .standard

    @Option(
        help: ArgumentHelp("The price of that day (UTC). (default: now)", valueName: "2026-11-21"),
        transform: Moment.read
    )
    var at: Moment?

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let world = try options.world()
        let now = CommandContext.current.clock.now()
        let target = try PricedModel.find(model, in: world)
        let tariff = PriceBook(world.catalog).tariff(provider: target.provider, model: target.model)
        let time = at?.beginning(now: now) ?? now
        guard counts.all.contains(where: { $0 > 0 }) else {
            let list = PriceList(title: target, tariff: tariff, at: time, tier: tier)
            output.print(json: { json in json.object { list.write(to: &$0) } }, plain: { list.plain })
            return
        }
        let breakdown = tariff?.breakdown(of: counts.usage, at: time, tier: tier)
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
            table.add(line.unit.rawValue, Figures.count(line.count), Figures.price(line.pricePerMillion), amount)
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
                    $0.member("usd_per_million", optional: line.pricePerMillion.map { NanoUSD(nanos: $0).description })
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
    @Option(parsing: .unconditional, help: "Tokens of the prompt.")
    var input = 0

    @Option(parsing: .unconditional, help: "Tokens of the answer.")
    var output = 0

    @Option(parsing: .unconditional, help: "Tokens of the prompt that the provider has in its cache.")
    var cacheRead = 0

    @Option(parsing: .unconditional, help: "Tokens of the prompt that go into the provider's cache.")
    var cacheWrite = 0

    @Option(name: .customLong("cache-write-1h"), parsing: .unconditional, help: "The same, to stay for an hour.")
    var cacheWriteLong = 0

    @Option(parsing: .unconditional, help: "Tokens of the answer that are reasoning.")
    var reasoning = 0

    @Option(parsing: .unconditional, help: "Tokens of the prompt that are audio.")
    var audioIn = 0

    @Option(parsing: .unconditional, help: "Tokens of the answer that are audio.")
    var audioOut = 0

    @Option(parsing: .unconditional, help: "Searches of the web that the provider makes.")
    var webSearches = 0

    @Option(parsing: .unconditional, help: "Tokens of the prompt that are pictures.")
    var imageIn = 0

    @Option(parsing: .unconditional, help: "Tokens of the answer that are pictures.")
    var imageOut = 0

    @Option(parsing: .unconditional, help: "Pictures that are made.")
    var images = 0

    @Option(parsing: .unconditional, help: "Seconds of audio that are listened to or spoken.")
    var audioSeconds = 0

    @Option(parsing: .unconditional, help: "Characters of text that are spoken.")
    var characters = 0

    @Option(parsing: .unconditional, help: "Searches that a ranking of documents is billed as.")
    var searchUnits = 0

    /// All counts.
    var all: [Int] {
        [
            input, output, cacheRead, cacheWrite, cacheWriteLong, reasoning, audioIn, audioOut, webSearches, imageIn,
            imageOut, images, audioSeconds, characters, searchUnits,
        ]
    }

    var usage: Usage {
        var usage = Usage(input: input, output: output)
        usage.cacheRead = cacheRead
        usage.cacheWrite = cacheWrite
        usage.cacheWriteLong = cacheWriteLong
        usage.reasoning = reasoning
        usage.inputAudio = audioIn
        usage.outputAudio = audioOut
        usage.webSearches = webSearches
        usage.inputImage = imageIn
        usage.outputImage = imageOut
        usage.images = images
        usage.inputAudioTime = audioSeconds * 1_000
        usage.characters = characters
        usage.searchUnits = searchUnits
        return usage
    }

    func validate() throws {
        guard !all.contains(where: { $0 < 0 }) else { throw ValidationError("A count cannot be negative.") }
        guard all.allSatisfy({ (0...1_000_000_000_000).contains($0) }) else {
            throw ValidationError("Counts are whole numbers from 0 to a million million.")
        }
        let usage = usage
        guard usage.cacheRead + usage.cacheWrite + usage.cacheWriteLong <= usage.input else {
            throw ValidationError("--input is the whole prompt and cannot be less than what is cached of it.")
        }
        guard usage.inputAudio + usage.inputImage <= usage.input,
            usage.reasoning + usage.outputAudio + usage.outputImage <= usage.output
        else {
            throw ValidationError("--input and --output are whole: they cannot be less than their parts.")
        }
    }
}

extension ServiceTier: ExpressibleByArgument {}
