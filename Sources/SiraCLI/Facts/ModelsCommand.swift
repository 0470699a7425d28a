import ArgumentParser
import SiraApp
import SiraCatalog
import SiraConfiguration
import SiraCore
import SiraJSON
import SiraRouting

/// `sira models`.
struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "List the models that applications can use, or all that the catalogue knows.",
        discussion: "Prices are US dollars for a million tokens; ? means that the price is not known."
    )

    @Option(help: "Only this provider's models.")
    var provider: String?

    @Option(help: "Only models whose id or name has this in it.")
    var search: String?

    @Flag(help: "The whole catalogue, whether its provider is configured or not.")
    var all = false

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let now = CommandContext.current.clock.now()
        let world = try options.world()
        try checkProvider(world)
        let lines = (all ? ModelLine.catalogue(world) : ModelLine.configured(world, at: now)).filter(isWanted)
        output.print { json in
            json.array { list in
                for line in lines { list.object { line.write(to: &$0, at: now) } }
            }
        } plain: {
            guard !lines.isEmpty else { return nothing(world) }
            var table = TextTable("id", "provider", "#context", "#input", "#output")
            for line in lines {
                let rates = line.rates(at: now)
                table.add(
                    line.id,
                    line.provider,
                    Figures.tokens(line.context),
                    Figures.price(rates?.input),
                    Figures.price(rates?.output)
                )
            }
            return table.text
        }
    }

    /// - Throws: ``CommandFailure`` when there is no provider of the name that was asked for, or it is not on.
    private func checkProvider(_ world: World) throws(CommandFailure) {
        guard let provider, !world.accesses.contains(where: { $0.name == provider }) else { return }
        guard world.catalog.provider(provider) != nil else {
            let hint = NearestName.hint(for: provider, among: world.catalog.providers.map(\.id))
            throw CommandFailure("There is no provider \(provider)\(hint.isEmpty ? "." : hint)")
        }
        guard !all else { return }
        throw CommandFailure(
            "The provider \(provider) is not on; `sira providers --all` says why, and `--all` lists its models."
        )
    }

    private func isWanted(_ line: ModelLine) -> Bool {
        if let provider, line.provider != provider { return false }
        guard let search = search?.lowercased() else { return true }
        return line.id.lowercased().contains(search) || (line.model?.name.lowercased().contains(search) ?? false)
    }

    private func nothing(_ world: World) -> String {
        if !all, world.accesses.isEmpty {
            return "No provider is configured; `sira providers --all` shows what to set, `--all` the whole catalogue."
        }
        return all ? "The catalogue has no such model." : "No such model is configured; `--all` looks in the catalogue."
    }
}

/// A model as it is listed.
private struct ModelLine {
    /// The name by which applications ask for it.
    let id: String
    /// The name of the access, or of the provider in the catalogue.
    let provider: String
    let kind: ModelKind
    let context: Int?
    let maxOutput: Int?
    let retiresOn: CalendarDay?
    /// What the catalogue knows of it, if it is there.
    let model: Model?

    /// What applications can use today.
    static func configured(_ world: World, at now: Timestamp) -> [ModelLine] {
        let providers = Dictionary(world.accesses.map { ($0.name, $0.provider.id) }) { first, _ in first }
        return world.directory.listed(at: now).map { listed in
            let name = String(listed.target.dropFirst(listed.owner.count + 1))
            return ModelLine(
                id: listed.id,
                provider: listed.owner,
                kind: listed.kind,
                context: listed.context,
                maxOutput: listed.maxOutput,
                retiresOn: listed.retiresOn,
                model: providers[listed.owner].flatMap { world.catalog.model(provider: $0, name: name) }
            )
        }
    }

    /// All that is known, also what no provider serves any more.
    static func catalogue(_ world: World) -> [ModelLine] {
        world.catalog.models.map { model in
            ModelLine(
                id: model.id,
                provider: model.provider,
                kind: model.kind,
                context: model.context,
                maxOutput: model.maxOutput,
                retiresOn: model.retiresOn,
                model: model
            )
        }
    }

    /// The usual prices, which are those of short prompts.
    func rates(at now: Timestamp) -> Rates? { model?.prices.period(at: now)?.standard.base }

    func write(to json: inout JSONWriter, at now: Timestamp) {
        let period = model?.prices.period(at: now)
        let rates = rates(at: now)
        json.member("id", id)
        json.member("provider", provider)
        json.member("kind", kind.rawValue)
        json.member("context", optional: context)
        json.member("max_output", optional: maxOutput)
        json.member("input_usd_per_million", optional: rates?.input.map { NanoUSD(nanos: $0).description })
        json.member("output_usd_per_million", optional: rates?.output.map { NanoUSD(nanos: $0).description })
        json.member("price_source", optional: period?.source)
        json.member("price_date", optional: period?.date?.description)
        json.member("retires_on", optional: retiresOn?.description)
    }
}
