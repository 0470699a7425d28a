import SiraCore
import SiraHealth
import SiraJSON
import SiraStorage

/// How deployments do, and what they have had to do.
struct DeploymentsEndpoint: Sendable {
    let source: RoutingSource

    var endpoint: Endpoint {
        Endpoint(
            .get,
            "/deployments",
            name: "list_deployments",
            tag: "routing",
            "Tell how deployments do",
            access: .gateway(RoutingEndpoints.permission),
            answer: .object([
                ("from", .time), ("to", .time), ("requests", .integer()),
                ("deployments", .list(ReportSchemas.loose("A deployment."))),
            ])
        ) { request in
            EndpointReply(try await answer(request))
        }.with {
            $0.details = """
                `health` is what the process that answers has seen of late, as `/api/health` tells it; the other \
                figures are of the requests that ended there in the time asked for, an hour without it, and \
                `share` of all of these.
                """
            $0.parameters = ConsoleFilters.times
        }
    }

    private func answer(_ request: EndpointRequest) async throws -> [UInt8] {
        let now = source.reports.clock.now()
        let range = try ConsoleFilters.range(request.query, usual: .seconds(3_600), now: now)
        var query = RollupQuery(from: range.lowerBound, until: range.upperBound, by: [.provider, .model])
        query.measures = Set(UsageMeasure.allCases)
        var sums: [String: UsageTotals] = [:]
        for line in try await source.reports.rollups.totals(query) where line.provider?.isEmpty == false {
            sums["\(line.provider ?? "")/\(line.model ?? "")"] = line.totals
        }
        let overview = source.health()
        let reports = Dictionary(overview.deployments.map { ($0.id, $0) }) { first, _ in first }
        let seconds = Double(range.upperBound.microseconds - range.lowerBound.microseconds) / 1_000_000
        let all = sums.values.reduce(0) { $0 + $1.requests }
        let told = overview.deployments.filter { $0.isUsed || $0.isIll || $0.standing.isDrained }.map(\.id)
        var json = JSONWriter(capacity: 8_192)
        json.object { json in
            json.member("from", range.lowerBound.description)
            json.member("to", range.upperBound.description)
            json.member("requests", all)
            json.array("deployments") { list in
                for id in Set(told).union(sums.keys).sorted() {
                    list.object { json in
                        let report = reports[id]
                        let totals = sums[id] ?? UsageTotals()
                        json.member("id", id)
                        let halves = id.split(separator: "/", maxSplits: 1).map(String.init)
                        json.member("provider", report?.access ?? halves.first ?? "")
                        json.member("model", halves.count == 2 ? halves[1] : "")
                        json.member("state", report.map(\.consoleState) ?? "unknown")
                        json.member("breaker", known: report?.standing.state.label)
                        json.member("in_flight", Double(report?.standing.inFlight ?? 0))
                        json.member("drained", report?.standing.isDrained ?? false)
                        json.member("remaining_requests", report?.least(\.remainingRequests) ?? .nan)
                        json.member("remaining_tokens", report?.least(\.remainingTokens) ?? .nan)
                        json.member("requests", totals.requests)
                        json.member("share", all > 0 ? Double(totals.requests) / Double(all) : .nan)
                        for (name, metric) in Self.metrics {
                            json.key(dynamic: name)
                            json.element(metric.figure(totals, seconds: seconds).value ?? .nan)
                        }
                        json.member("cost_nano", String(totals.cost.nanos))
                        json.key("health")
                        if let report { report.write(to: &json, overview.now) } else { json.null() }
                    }
                }
            }
        }
        return json.bytes
    }

    private static let metrics: [(String, Metric)] = [
        ("success", .success), ("error_rate", .errorRate), ("p50_ms", .p50), ("p95_ms", .p95),
        ("ttft_p95_ms", .firstToken),
        ("rps", .rps),
    ]
}

extension DeploymentReport {
    /// One word for how it does.
    var consoleState: String {
        if standing.isDrained { return "drained" }
        if !standing.availability.isAvailable { return "down" }
        if isIll { return "degraded" }
        return isUsed ? "up" : "unknown"
    }

    /// The least of what is left to its keys; nil where none tells.
    fileprivate func least(_ left: (KeyReport) -> Int?) -> Double? { keys.compactMap(left).min().map(Double.init) }
}
