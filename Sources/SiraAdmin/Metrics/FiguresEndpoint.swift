import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy

/// Metrics over a stretch of time, and over the one before.
struct FiguresEndpoint: Sendable {
    let source: ReportSource

    static let permission = Permission(.usage, .read)
    /// Metrics that have a stretch of time of their own.
    private static let ownTimes = ["spend_today", "spend_mtd"]
    /// Metrics that are told elsewhere.
    private static let elsewhere = [
        "inflight": "live_only", "sessions_active": "live_only", "forecast_day": "see_forecast",
        "forecast_month": "see_forecast", "budget_state": "see_budgets",
    ]
    static let ids = Metric.allCases.map(\.rawValue) + ownTimes + elsewhere.keys.sorted()
    private static let comparisons = ["prev", "week", "off"]

    var endpoint: Endpoint {
        Endpoint(
            .get,
            "/figures",
            name: "get_figures",
            tag: "metrics",
            "Tell metrics over some time, and over the time before",
            access: .holder(Self.permission),
            answer: .object([
                ("from", .time), ("to", .time), ("previous_from", JSONSchema.time.orNull),
                ("scope", .text()), ("tz", .text()),
                ("figures", .list(Self.figure)),
            ])
        ) { request in
            EndpointReply(try await answer(request))
        }.with {
            $0.details = """
                Every metric has one definition, which all that shows it uses. Requests count by when they arrived, to \
                the minute. `value` is null where there are fewer than `needed` samples, or where `reason` says why it \
                is not known: `live_only` is in `/pulse`, `see_forecast` and `see_budgets` have endpoints of their \
                own. `first_choice` is over all requests that were sent to a provider, of which the first \
                attempt answered. `routing_accuracy` is by feedback: of the newest 10,000 requests that named no model \
                itself and whose answer was judged, the share with a mean score of 0.5 or more; they are looked for \
                among the newest 100,000 scores. Percentiles are of requests that ended well, those of `ttft` of \
                streams among them; `avg_response` is over all requests. Rates and comparisons end now where `to` is later.
                """
            $0.parameters =
                [
                    EndpointParameter(
                        "ids",
                        .text(length: 1...1_000, format: nil),
                        "Which, with commas between: \(Self.ids.joined(separator: ", "))."
                    ),
                    EndpointParameter(
                        "compare",
                        .word(Self.comparisons),
                        "With the time before, with the same time a week before, or with nothing; prev."
                    ),
                    ConsoleZone.parameter,
                ] + ConsoleFilters.times + ConsoleFilters.names
        }
    }

    private static let figure = JSONSchema.object([
        ("id", .text()), ("value", JSONSchema.number.orNull), ("previous", JSONSchema.number.orNull), ("unit", .text()),
        ("samples", .integer(Int64.min...Int64.max)), ("needed", .integer()), ("reason", JSONSchema.text().orNull),
        ("parts", .map(of: JSONSchema.number.orNull)),
    ])

    /// Sums that are asked for once, whatever the number of metrics that are taken from them.
    private struct Sums {
        var totals: UsageTotals
        var seconds: Double
        var judgements = RequestJudgements()

        func figure(_ metric: Metric) -> MetricFigure {
            metric == .routingAccuracy ? .accuracy(judgements) : metric.figure(totals, seconds: seconds)
        }
    }

    private func answer(_ request: EndpointRequest) async throws -> [UInt8] {
        let query = request.query
        let ids = (query["ids"] ?? Metric.allCases.map(\.rawValue).joined(separator: ","))
            .split(separator: ",").map { String($0.filter { $0 != " " }) }
        for id in ids where !Self.ids.contains(id) {
            throw ConsoleFilters.invalid("ids", "\(id) is none of \(Self.ids.joined(separator: ", "))")
        }
        let now = source.clock.now()
        let zone = try ConsoleZone(query["tz"])
        let place = try await source.consolePlace(for: request.author, Self.permission, query)
        var filter = ConsoleFilters.filter(query)
        filter.narrow(to: place)
        let range = try ConsoleFilters.range(query, usual: .seconds(86_400), now: now)
        let metrics = ids.compactMap(Metric.init)
        let latencies = metrics.reduce(into: Set<LatencyKind>()) { $0.formUnion($1.latencies) }
        // What is to come is no part of it.
        let told = range.minutes.ending(by: now)
        var current = try await sums(told, filter, latencies, now)
        let before = Self.before(told, query["compare"] ?? "prev")
        var previous: Sums?
        if let before { previous = try await sums(before, filter, latencies, now) }
        if metrics.contains(.routingAccuracy) {
            current.judgements = try await judgements(told, filter)
            if let before { previous?.judgements = try await judgements(before, filter) }
        }
        var own: [String: Sums] = [:]
        for id in ids where Self.ownTimes.contains(id) {
            let start = id == "spend_today" ? zone.day(of: now) : zone.month(of: now)
            own[id] = try await sums(start..<max(now, start.advanced(by: .seconds(60))), filter, [], now)
        }
        var json = JSONWriter(capacity: 4_096)
        json.object { json in
            json.member("from", range.lowerBound.description)
            json.member("to", range.upperBound.description)
            json.member("previous_from", known: before?.lowerBound.description)
            json.member("scope", place.description)
            json.member("tz", zone.name)
            json.array("figures") { list in
                for id in ids {
                    list.object { json in
                        if let metric = Metric(rawValue: id) {
                            Self.write(id, metric, current, previous, to: &json)
                        } else if let sums = own[id] {
                            Self.write(id, .spend, sums, nil, to: &json)
                        } else {
                            let figure = MetricFigure.unknown(Self.elsewhere[id] ?? "not_measured")
                            Self.write(id, figure, nil, .count, 0, to: &json)
                        }
                    }
                }
            }
        }
        return json.bytes
    }

    private func sums(
        _ range: Range<Timestamp>,
        _ filter: UsageFilter,
        _ latencies: Set<LatencyKind>,
        _ now: Timestamp
    ) async throws -> Sums {
        var query = RollupQuery(from: range.lowerBound, until: range.upperBound)
        query.narrow(to: filter)
        query.latencies = latencies
        let totals = try await source.rollups.totals(query).first?.totals ?? UsageTotals()
        let microseconds = min(range.upperBound, now).microseconds - range.lowerBound.microseconds
        return Sums(totals: totals, seconds: max(0, Double(microseconds) / 1_000_000))
    }

    private func judgements(_ range: Range<Timestamp>, _ filter: UsageFilter) async throws -> RequestJudgements {
        var search = RequestSearch()
        search.filter = filter
        (search.filter.since, search.filter.until) = (range.lowerBound, range.upperBound)
        return try await source.requests.judgements(search)
    }

    /// What a stretch of time is compared with.
    private static func before(_ range: Range<Timestamp>, _ how: String) -> Range<Timestamp>? {
        guard how != "off" else { return nil }
        let length = range.upperBound.microseconds - range.lowerBound.microseconds
        let shift = how == "week" ? RollupPeriod.day.microseconds * 7 : length
        return Timestamp(
            microseconds: range.lowerBound.microseconds - shift
        )..<Timestamp(
            microseconds: range.upperBound.microseconds - shift
        )
    }

    private static func write(
        _ id: String,
        _ metric: Metric,
        _ sums: Sums,
        _ previous: Sums?,
        to json: inout JSONWriter
    ) {
        let figure = sums.figure(metric)
        let earlier = previous.flatMap { $0.figure(metric).value }
        write(id, figure, earlier, metric.unit, metric.needed, to: &json)
    }

    private static func write(
        _ id: String,
        _ figure: MetricFigure,
        _ previous: Double?,
        _ unit: MetricUnit,
        _ needed: Int64,
        to json: inout JSONWriter
    ) {
        json.member("id", id)
        json.member("value", figure.value ?? .nan)
        json.member("previous", previous ?? .nan)
        json.member("unit", unit.rawValue)
        json.member("samples", figure.samples)
        json.member("needed", needed)
        json.member("reason", known: figure.reason)
        json.object("parts") { json in
            for part in figure.parts { json.member(part.name, part.value ?? .nan) }
        }
    }
}
