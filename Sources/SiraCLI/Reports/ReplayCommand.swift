import ArgumentParser
import SiraApp
import SiraCore
import SiraInsight
import SiraJSON
import SiraSQLite
import SiraPricing

/// `sira replay`.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Price past requests for other models or routes.",
        discussion: """
            What the requests of the last thirty days, or of another time, would have cost if they had gone to other \
            models, all tokens being the same. Models that are not named are priced by today's book. Of a route each \
            model takes the share that it took of the route's own requests in that time.
            """
    )

    /// A model and the one, or the route, that stands in its place.
    struct Pair: Hashable {
        let from: ModelReference
        let to: Substitution.Target

        @Sendable static func read(_ text: String) throws -> Pair {
            let halves = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard halves.count == 2, let from = ModelReference(halves[0]), let to = Substitution.Target(halves[1])
            else {
                throw ValidationError(
                    "\"\(text)\" is not two models such as openai/gpt-4o=openai/gpt-4o-mini, or a model and a route such "
                        + "as openai/gpt-4o=route:smart."
                )
            }
            return Pair(from: from, to: to)
        }
    }

    @Option(
        help: ArgumentHelp(
            "A model, and the one or the route in its place; may be given again.",
            valueName: "provider/model=provider/model|route:name"
        ),
        transform: Pair.read
    )
    var map: [Pair] = []

    @OptionGroup var past: PastOptions
    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let time = try past.time(now: CommandContext.current.clock.now())
        let prices = PriceBook(try options.world().catalog)
        let targets = Dictionary(map.map { ($0.from, $0.to) }) { _, last in last }
        let replay = try await options.withDatabase { database in
            try await Replay.read(
                database.usage,
                database.rollups,
                [past.scope],
                in: time,
                Substitution(targets),
                prices: prices
            )
        }
        output.print { json in
            json.object { replay.write(to: &$0) }
        } plain: {
            plain(replay)
        }
    }

    private func plain(_ replay: Replay) -> String {
        guard !replay.lines.isEmpty else { return "Nothing was asked of a provider in that time." }
        var table = TextTable("model", "in its place", "#requests", "#cost $", "#then $", "#saves $", "#unknown")
        for line in replay.lines {
            table.add(
                line.model.description,
                line.target == line.model.description ? "" : line.target,
                Figures.count(line.requests),
                Figures.dollars(line.oldCost),
                Figures.dollars(line.newCost),
                Figures.dollars(line.savings),
                Figures.count(line.withoutOldCost + line.withoutNewCost)
            )
        }
        if replay.lines.count > 1 {
            let (old, new) = (Figures.dollars(replay.oldCost), Figures.dollars(replay.newCost))
            table.add("total", "", "", old, new, Figures.dollars(replay.savings), "")
        }
        return table.text + (replay.isApproximate ? "\n\nFrom sums: steps of prices are those of mean prompts." : "")
    }
}
