import ArgumentParser
import SiraApp
import SiraCore
import SiraInsight
import SiraJSON
import SiraSQLite
import SiraTenancy

/// `sira forecast`.
struct ForecastCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forecast",
        abstract: "Foretell what will be spent.",
        discussion: """
            From the first of the month to its end, or through another day, with what was spent so far. Four times of \
            five the truth is within the first range, nineteen times of twenty within the second. The errors are those \
            that forecasts of this very series would have had. Budgets of the scope are told with the day on which \
            they will be used up.
            """
    )

    @Option(help: ScopeOption.help, transform: ScopeOption.read)
    var scope: Scope = .gateway

    @Option(help: "What is foretold: what providers ask, or what tenants are charged.")
    var measure: SpendMeasure = .cost

    @Option(
        help: ArgumentHelp("The last day. (default: the end of the month)", valueName: "2026-12-31"),
        transform: Self.day
    )
    var through: CalendarDay?

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    @Sendable private static func day(_ text: String) throws -> CalendarDay {
        guard let day = CalendarDay(text) else { throw ValidationError("\"\(text)\" is not a day such as 2026-12-31.") }
        return day
    }

    func run() async throws {
        let clock = CommandContext.current.clock
        let (report, budgets) = try await options.withDatabase { database in
            let history = try await SpendHistory.read(database.rollups, [scope], now: clock.now())
            let budgets = try await database.budgetsLeft(clock: clock).filter { $0.scope == scope }
            return (ForecastReport(history, of: scope, measure, through: through, budgets: budgets), budgets)
        }
        output.print { json in
            json.object { report.write(to: &$0) }
        } plain: {
            plain(report, budgets, today: CalendarDay(daysSinceEpoch: clock.now().day))
        }
    }

    private func plain(_ report: ForecastReport, _ budgets: [BudgetLeft], today: CalendarDay) -> String {
        var table = TextTable("", "#spent $", "#expected $", "#4 of 5", "#19 of 20")
        var ends = [today.lastOfMonth]
        if let through, through.daysSinceEpoch > today.daysSinceEpoch, through != ends[0] { ends.append(through) }
        for end in ends {
            guard let total = report.total(through: end) else { continue }
            table.add(
                "\(today.firstOfMonth) to \(end)",
                Self.cents(report.spentInMonth.dollars),
                Self.cents(total.expected),
                "\(Self.cents(total.likely.lowerBound)) – \(Self.cents(total.likely.upperBound))",
                "\(Self.cents(total.possible.lowerBound)) – \(Self.cents(total.possible.upperBound))"
            )
        }
        var lines = ["\(scope), \(measure.rawValue)", "", table.text, ""]
        if let test = report.backTest {
            lines.append(
                "Such forecasts would have been off by \(Self.percent(test.error)) (\(test.forecasts) of them; going on with "
                    + "the month's mean: \(Self.percent(test.monthToDate)))."
            )
        } else {
            lines.append("There is no whole month yet by which to tell how good such forecasts are.")
        }
        for budget in budgets {
            let end = report.exhaustion(of: budget)
            let day = end?.day.map { "used up on \($0)" } ?? (budget.isRolling ? "rolling" : "lasts")
            let range = end.map { " (\($0.earliest) to \($0.latest.map(\.description) ?? "later"))" } ?? ""
            lines.append("Budget \(budget.id): $\(Figures.dollars(budget.left)) left, \(day)\(range).")
        }
        return lines.joined(separator: "\n")
    }

    /// Dollars with two digits after the point.
    static func cents(_ dollars: Double) -> String {
        let cents = Int64((min(max(dollars, -1e15), 1e15) * 100).rounded())
        let digits = String(cents.magnitude % 100 + 100).dropFirst()
        return "\(cents < 0 ? "-" : "")\(Figures.count(Int64(cents.magnitude / 100))).\(digits)"
    }

    static func percent(_ share: Double) -> String { "\((share * 1_000).rounded() / 10) %" }
}

extension SpendMeasure: ExpressibleByArgument {}
