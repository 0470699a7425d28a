import Foundation
import SiraCore
import Testing

/// The figures in `docs/resilience.md` are what the simulations come to.
struct ResilienceDocumentTests {
    @Test
    func `The document's figures are those of the simulations`() async throws {
        var table = FiguresTable()
        try await addOutages(to: &table)
        try await addWeaknesses(to: &table)
        try await addLimits(to: &table)
        try await addDoubles(to: &table)
        try expectFigures(table.text)
    }

    private func addOutages(to table: inout FiguresTable) async throws {
        let outages: [(String, Scenario)] = [
            ("refuses connections", Outages.refused), ("answers 503", Outages.unavailable),
            ("takes requests and says nothing", Outages.silent),
        ]
        for (title, scenario) in outages {
            let result = try await scenario.value
            let primary = result.provider("primary")
            let trials = primary.requests(in: .seconds(36, 120))
            let probes = primary.probes.count { Outages.outage.contains($0) }
            let back = Outages.returnTime(result)?.components.seconds ?? -1
            let first = primary.requests(in: .seconds(30, 36))
            table.add(
                "the primary \(title) for 90 s",
                result,
                "asked \(first) times in the first 6 s, then by \(trials) trials and \(Self.count(probes, "probe")); back in use \(back) s "
                    + "after its recovery"
            )
        }
        let long = try await Outages.silentAmongLong.value
        let late = long.provider("primary").requests(in: .seconds(36, 60))
        table.add(
            "the same, where its answers last 30 s",
            long,
            "asked \(late) times from the seventh to the thirtieth second"
        )
        let flapping = try await Flapping.run.value
        let asked = (0..<6).map { Flapping.asked(flapping, whileDown: $0) }.reduce(0, +)
        table.add("the primary is up for 20 s and down for 20 s", flapping, "asked \(asked) times in six times of 20 s")
        for (name, scenario) in [("latency", Regions.latency), ("least_in_flight", Regions.leastInFlight)] {
            let result = try await scenario.value
            let asked = result.provider("west").requests(in: Regions.loss)
            table.add("one of three regions is gone for 60 s (`\(name)`)", result, "asked \(asked) times meanwhile")
        }
        let halfOpen = try await HalfOpen.one.value
        let trials = try HalfOpen.afterRecovery(halfOpen, successes: 2).trials
        table.add(
            "200 requests a second meet a primary that is back",
            halfOpen,
            "\(Self.count(trials.count, "trial")), \(trials.map(\.running).max() ?? 0) at once, before it has them all"
        )
        let total = try await RetryStorms.total.value
        let times = FiguresTable.decimal(RetryStorms.amplification(total), digits: 2)
        table.add("everything fails for 60 s of 120", total, "\(times) attempts for each request meanwhile")
    }

    private func addWeaknesses(to table: inout FiguresTable) async throws {
        let brownout = try await Brownouts.rising.value
        let (slight, heavy) = (Brownouts.slight, Brownouts.heavy)
        let part = { (range: Range<Duration>) in
            let asked = brownout.clients.count { range.contains($0.at) }
            return FiguresTable.percent(
                Double(brownout.provider("primary").requests(in: range)) / Double(asked),
                digits: 0
            )
        }
        table.add(
            "the primary fails 30 % of its requests for 90 s, then 60 %",
            brownout,
            "it is asked for \(part(slight)) of requests, then \(part(heavy))"
        )
        let alone = try await Brownouts.alone.value
        table.add("the only provider fails 10 % of its requests", alone)
        let limited = try await Slowness.limited.value
        let asked = limited.provider("primary").requests(in: .seconds(70, 160))
        table.add(
            "first tokens of the primary take 3 s for two minutes, `latency: 1s`",
            limited,
            "asked \(asked) times from half a minute on"
        )
        table.add("one in ten first tokens of the primary takes 30 s", try await Slowness.stuck.value)
    }

    private func addLimits(to table: inout FiguresTable) async throws {
        let storms: [(String, Scenario, Double)] = [
            ("the primary takes half of what comes, else 429", Limits.storm, 30),
            ("the same, and it says how many requests are left", Limits.announced, 30),
            ("the primary has four keys for a sixth of what comes each", Limits.keys, 40),
        ]
        for (title, scenario, limit) in storms {
            let result = try await scenario.value
            let use = FiguresTable.percent(Limits.use(result, perSecond: limit), digits: 0)
            table.add(title, result, "\(Limits.refusals(result)) turned away, \(use) of the limit used")
        }
        let alone = try await Limits.alone.value
        table.add(
            "no secondary; five keys for a quarter of what comes each",
            alone,
            "\(Limits.refusals(alone)) turned away"
        )
        let keys = try await Keys.oneRefused.value
        let asked = keys.provider("only").arrivals.count { $0.key == Keys.bad }
        table.add("one of five keys gets 401", keys, "it was shown \(asked) times in 120 s")
    }

    private func addDoubles(to table: inout FiguresTable) async throws {
        let plain = try await Hedging.none.value
        table.add("2 % of requests take 10 to 20 s to their first token", plain)
        for (title, scenario) in [
            ("`hedge: true`", Hedging.byPercentile), ("`hedge: {after: 2s}`", Hedging.afterTwoSeconds),
        ] {
            let hedged = try await scenario.value
            let extra = FiguresTable.percent(Hedging.extraCost(hedged, over: plain))
            table.add("the same with \(title)", hedged, "\(extra) more cost, lost attempts counted as whole answers")
        }
        table.add("one in ten first tokens takes 3 s", try await Racing.single.value)
        table.add("the same with `parallel: 2`", try await Racing.double.value)
        table.add("failures, limits, stragglers, hedges and retries at once", try await Endurance.mixed.value)
    }

    private static func count(_ number: Int, _ what: String) -> String {
        "\(number) \(what)" + (number == 1 ? "" : "s")
    }

    private func expectFigures(_ figures: String) throws {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        let url = root.appendingPathComponent("docs/resilience.md")
        let (begin, end) = ("<!-- figures -->\n", "<!-- /figures -->")
        var text = try String(contentsOf: url, encoding: .utf8)
        let from = try #require(text.range(of: begin)?.upperBound)
        let to = try #require(text.range(of: end)?.lowerBound)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            text.replaceSubrange(from..<to, with: figures)
            return try text.write(to: url, atomically: true, encoding: .utf8)
        }
        #expect(
            String(text[from..<to]) == figures,
            "docs/resilience.md is not what the tests find; see UPDATE_GOLDEN=1"
        )
    }
}
