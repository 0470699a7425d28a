import SiraCore
import SiraInsight
import SiraJSON
import SiraLimits
import SiraStorage
import SiraTenancy

/// What will be spent, and what was odd.
struct ForecastEndpoints: Sendable {
    let source: ReportSource

    var all: [Endpoint] { [forecast, anomalies] }

    private static let permission = Permission(.usage, .read)
    private static let scope = EndpointParameter(
        "scope",
        ReportFilters.name,
        "What it is about, such as team:team_0123456789A or model:gpt-5-mini; the gateway."
    )

    private var forecast: Endpoint {
        Endpoint(
            .get,
            "/forecast",
            name: "get_forecast",
            tag: "usage",
            "Foretell what will be spent",
            access: .holder(Self.permission),
            answer: ReportSchemas.loose("The month, the days to come, how good such forecasts were, and budgets.")
        ) { request in
            let now = source.clock.now()
            let budgets = source.limits.budgets(at: now).map(BudgetLeft.init)
            var scope = try Self.asked(request.query)
            if let id = request.query["budget"] { scope = try Self.scope(of: id, scope, budgets) }
            let (about, place) = try await source.place(for: request.author, Self.permission, about: scope)
            let history = try await SpendHistory.read(source.rollups, [about, place], now: now)
            let wanted = request.query["budget"]
            let report = ForecastReport(
                history,
                of: about,
                request.query["measure"].flatMap(SpendMeasure.init) ?? .cost,
                through: try Self.day(request.query["through"]),
                budgets: budgets.filter { $0.scope == about && (wanted == nil || $0.id == wanted) }
            )
            var json = JSONWriter(capacity: 8_192)
            json.object { report.write(to: &$0) }
            return EndpointReply(json.bytes)
        }.with {
            $0.details = """
                From the first of the month, with what was spent. Four times of five the truth is within `likely_usd`, \
                nineteen times of twenty within `possible_usd`; `back_test` tells how good forecasts of this very \
                series would have been.
                """
            $0.parameters = [
                Self.scope,
                EndpointParameter("measure", .word(SpendMeasure.allCases.map(\.rawValue)), "What is foretold; cost."),
                EndpointParameter(
                    "through",
                    .text(length: 10...10, format: nil),
                    "The last day, such as 2026-12-31; the end of the month."
                ),
                EndpointParameter(
                    "budget",
                    .reference(.budget),
                    "Only this budget, and what it is about as the scope."
                ),
            ]
        }
    }

    private var anomalies: Endpoint {
        Endpoint(
            .get,
            "/anomalies",
            name: "list_anomalies",
            tag: "usage",
            "List hours that are unlike the same hours before",
            access: .holder(Self.permission),
            answer: ReportSchemas.loose("The odd hours, with what was expected and why.")
        ) { request in
            let asked = try Self.asked(request.query)
            let (about, place) = try await source.place(for: request.author, Self.permission, about: asked)
            let report = try await AnomalyReport.read(
                source.rollups,
                [about, place],
                request.query["measure"].flatMap(AnomalyReport.Measure.init) ?? .spend,
                days: request.query["days"].flatMap { Int($0) } ?? 7,
                leastChange: request.query["least_change"].flatMap { NanoUSD(decimal: $0)?.dollars },
                now: source.clock.now()
            )
            var json = JSONWriter(capacity: 4_096)
            json.object { report.write(to: &$0) }
            return EndpointReply(json.bytes)
        }.with {
            $0.details = "Hours that have ended; those with fewer than five days before them are passed over."
            $0.parameters = [
                Self.scope,
                EndpointParameter(
                    "measure",
                    .word(AnomalyReport.Measure.allCases.map(\.rawValue)),
                    "What is looked at; spend."
                ),
                EndpointParameter(
                    "days",
                    .integer(1...Int64(AnomalyReport.longest)),
                    "How many days are looked at; 7."
                ),
                EndpointParameter(
                    "least_change",
                    .money(signed: false),
                    "What is no further from the expected is never odd, in dollars, requests or a share."
                ),
            ]
        }
    }

    private static func asked(_ query: [String: String]) throws -> Scope? {
        guard let text = query["scope"] else { return nil }
        guard let scope = Scope(text), !scope.isEach else {
            throw invalid("scope", "must be gateway, or a kind and a name such as team:team_0123456789A")
        }
        return scope
    }

    /// What a budget is about.
    private static func scope(of id: String, _ asked: Scope?, _ budgets: [BudgetLeft]) throws -> Scope {
        let scopes = Set(budgets.filter { $0.id == id }.map(\.scope))
        if let asked {
            guard scopes.contains(asked) else { throw invalid("budget", "is no budget of \(asked)") }
            return asked
        }
        guard let scope = scopes.first else {
            throw invalid("budget", "is no budget that counts anything")
        }
        guard scopes.count == 1 else { throw invalid("scope", "is needed: the budget is one of each of a kind") }
        return scope
    }

    private static func day(_ text: String?) throws -> CalendarDay? {
        guard let text else { return nil }
        guard let day = CalendarDay(text) else { throw invalid("through", "must be a day such as 2026-12-31") }
        return day
    }

    private static func invalid(_ field: String, _ message: String) -> EndpointError {
        EndpointError(400, "invalid_query", "\(field) \(message).", fields: [FieldProblem(field, message)])
    }
}
