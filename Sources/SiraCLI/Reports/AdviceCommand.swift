import ArgumentParser
import SiraApp
import SiraCore
import SiraInsight
import SiraJSON
import SiraSQLite
import SiraStorage

/// `sira advice`.
struct AdviceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "advice",
        abstract: "List what would save money or shut a door.",
        discussion: """
            From the last thirty days of the books; savings are those of thirty days. Advice that was dismissed is left \
            out.
            """
    )

    @Flag(help: "Show what was dismissed as well.")
    var all = false

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let now = CommandContext.current.clock.now()
        let world = try options.world()
        let advice = try await options.withDatabase { database in
            let facts = try await AdviceFacts.read(
                database.rollups,
                database.keys,
                database.advice,
                catalog: world.catalog,
                available: world.availableModels,
                now: now
            )
            let dismissed = all ? [] : try await database.advice.dismissed().map(\.id)
            return AdviceRules.advice(facts, dismissed: Set(dismissed))
        }
        output.print { json in
            json.array { list in
                for advice in advice { list.object { advice.write(to: &$0) } }
            }
        } plain: {
            guard !advice.isEmpty else { return "There is nothing to advise." }
            var table = TextTable("id", "#saves $", "#from", "#to", "advice")
            for advice in advice {
                let saving = advice.saving
                func cents(_ amount: NanoUSD?) -> String { amount.map { ForecastCommand.cents($0.dollars) } ?? "-" }
                table.add(advice.id, cents(saving?.expected), cents(saving?.low), cents(saving?.high), advice.summary)
            }
            return table.text
        }
    }
}
