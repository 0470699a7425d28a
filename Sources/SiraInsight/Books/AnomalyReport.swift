package import SiraCore
package import SiraJSON
package import SiraStorage
package import SiraTenancy

/// The odd hours of a scope's last days.
package struct AnomalyReport: Sendable {
    /// What is looked at.
    package enum Measure: String, Hashable, Sendable, CaseIterable {
        case spend, requests
        case errorRate = "error_rate"

        var rule: AnomalyRule {
            switch self {
            case .spend: .spend
            case .requests: .requests
            case .errorRate: .errorRate
            }
        }

        /// An hour's value.
        fileprivate func value(of totals: UsageTotals) -> Double {
            switch self {
            case .spend: totals.cost.dollars
            case .requests: Double(totals.requests)
            case .errorRate:
                // Few requests have shares by chance.
                totals.requests < 50 ? 0 : Double(totals.errors) / Double(totals.requests)
            }
        }
    }

    package let scope: Scope
    package let measure: Measure
    /// The hours that were looked at.
    package let hours: Range<Timestamp>
    /// The first hour of the books; with fewer than five days before them, hours are passed over.
    package let since: Timestamp
    package let findings: [HourAssessment]

    /// The weeks before the days that the hours are compared with, and one for the level.
    private static let weeksBefore: Int64 = 7
    /// The days that can be looked at.
    package static let longest = 90

    /// - Parameters:
    ///   - scopes: what is in all of these is counted; the first is what the report is about.
    ///   - days: so many days up to the last full hour are looked at.
    ///   - leastChange: in the measure's unit; nil for the rule's own.
    package static func read(
        _ rollups: any RollupStore,
        _ scopes: [Scope],
        _ measure: Measure,
        days: Int,
        leastChange: Double? = nil,
        now: Timestamp
    ) async throws -> AnomalyReport {
        let end = RollupPeriod.hour.start(of: now)
        let begin = end.advanced(by: .seconds(-86_400 * Int64(days)))
        var query = RollupQuery(.hour, by: [.time])
        query.since = begin.advanced(by: .seconds(-7 * 86_400 * weeksBefore))
        query.until = end
        (query.measures, query.latencies) = ([.cost, .requests, .errors], [])
        for scope in scopes { query.narrow(to: scope) }
        let lines = try await rollups.totals(query)
        // What lies before the first request is no quiet time.
        let start = lines.compactMap(\.start).min() ?? begin
        let length = RollupPeriod.hour.microseconds
        let count = Int((end.microseconds - start.microseconds) / length)
        var values = Array(repeating: 0.0, count: max(0, count))
        for line in lines {
            guard let time = line.start else { continue }
            let index = Int((time.microseconds - start.microseconds) / length)
            if values.indices.contains(index) { values[index] += measure.value(of: line.totals) }
        }
        var rule = measure.rule
        if let leastChange { rule.leastChange = leastChange }
        let first = max(0, Int((begin.microseconds - start.microseconds) / length))
        let series = HourlySeries(start: start, values: values)
        return AnomalyReport(
            scope: scopes.first ?? .gateway,
            measure: measure,
            hours: begin..<end,
            since: start,
            findings: AnomalyDetector(rule).anomalies(in: series, hours: min(first, values.count)..<values.count)
        )
    }

    /// Writes all of it as members of an object; values are in the measure's unit: dollars, requests, a share.
    package func write(to json: inout JSONWriter) {
        json.member("scope", scope.description)
        json.member("measure", measure.rawValue)
        json.member("since", hours.lowerBound.description)
        json.member("until", hours.upperBound.description)
        json.member("history_from", since.description)
        json.array("data") { list in
            for finding in findings {
                list.object { json in
                    json.member("hour", finding.hour.description)
                    json.member("observed", finding.observed)
                    json.member("expected", finding.expected)
                    json.member("score", finding.score)
                    json.object("ordinary") {
                        $0.member("low", finding.ordinary.lowerBound)
                        $0.member("high", finding.ordinary.upperBound)
                    }
                    json.member("basis", finding.basis.rawValue)
                    json.member("samples", finding.samples)
                    json.member("reason", finding.reason)
                }
            }
        }
    }
}
