import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy

/// What kinds of requests there are, and what they are about.
struct RoutingSummaryEndpoint: Sendable {
    let source: RoutingSource

    /// Tags that are told of.
    private static let mostTags = 60

    var endpoint: Endpoint {
        Endpoint(
            .get,
            "/routing/summary",
            name: "get_routing_summary",
            tag: "routing",
            "Tell what kinds of requests there are and how well they went",
            access: .holder(RequestQuestion.permission),
            answer: .object([
                ("from", .time), ("to", .time), ("scope", .text()),
                ("types", .list(ReportSchemas.loose("A kind of request."))),
                ("types_sampled", JSONSchema.boolean.described("Whether types are of the newest requests alone.")),
                ("tags", .list(ReportSchemas.loose("A tag, with its requests now and in the time before."))),
                ("first_choice", ReportSchemas.loose("As the figure of that name.")),
                ("accuracy", ReportSchemas.loose("As the figure routing_accuracy.")),
            ])
        ) { request in
            EndpointReply(try await answer(request))
        }.with {
            $0.details = "A day without a time. Figures are those of `/figures`."
            $0.parameters = ConsoleFilters.times + ConsoleFilters.names
        }
    }

    fileprivate struct Kind {
        var (count, errors, cost, priced) = (0, 0, NanoUSD.zero, 0)
        var durations: [Int64] = []
    }

    private func answer(_ request: EndpointRequest) async throws -> [UInt8] {
        let reports = source.reports
        let range = try ConsoleFilters.range(request.query, usual: .seconds(86_400), now: reports.clock.now())
        let place = try await reports.consolePlace(for: request.author, RequestQuestion.permission, request.query)
        var search = RequestSearch()
        search.filter = ConsoleFilters.filter(request.query)
        search.filter.narrow(to: place)
        (search.filter.since, search.filter.until) = (range.lowerBound, range.upperBound)
        search.budget = RequestSearch.closeBudget
        let (samples, isWhole) = try await reports.requests.samples(search)
        var kinds: [String: Kind] = [:]
        for sample in samples { kinds[sample.values["type"] ?? "", default: Kind()].add(sample) }
        var query = RollupQuery(from: range.lowerBound, until: range.upperBound)
        query.narrow(to: search.filter)
        let totals = try await reports.rollups.totals(query).first?.totals ?? UsageTotals()
        let judgements = try await reports.requests.judgements(search)
        let tags = search.filter.user == nil && search.filter.tag == nil ? try await tags(range, query) : []
        var json = JSONWriter(capacity: 4_096)
        json.object { json in
            json.member("from", range.lowerBound.description)
            json.member("to", range.upperBound.description)
            json.member("scope", place.description)
            json.array("types") { list in
                for (type, kind) in kinds.sorted(by: { ($1.value.count, $0.key) < ($0.value.count, $1.key) }) {
                    list.object { kind.write(type, of: samples.count, to: &$0) }
                }
            }
            json.member("types_sampled", !isWhole)
            json.array("tags") { list in for tag in tags { list.object { tag.write(to: &$0) } } }
            let first = Metric.firstChoice.figure(totals, seconds: 1)
            for (name, figure) in [("first_choice", first), ("accuracy", MetricFigure.accuracy(judgements))] {
                json.key(dynamic: name)
                json.object {
                    $0.member("value", figure.value ?? .nan)
                    $0.member("samples", figure.samples)
                    $0.member("reason", known: figure.reason)
                }
            }
        }
        return json.bytes
    }

    private struct Tag {
        var name: String
        var sums: UsageTotals
        var previous: Int64

        func write(to json: inout JSONWriter) {
            json.member("tag", name)
            json.member("count", sums.requests)
            json.member("previous", previous)
            json.member("error_rate", Metric.errorRate.plainValue(sums, seconds: 1) ?? .nan)
            json.member("cost_nano", String(sums.cost.nanos))
        }
    }

    private func tags(_ range: Range<Timestamp>, _ query: RollupQuery) async throws -> [Tag] {
        var query = query
        (query.groups, query.latencies) = ([.tag], [])
        (query.order, query.limit) = (.descending(.requests), Self.mostTags)
        let now = try await source.reports.rollups.totals(query)
        let length = range.upperBound.microseconds - range.lowerBound.microseconds
        query.until = range.lowerBound
        query.since = Timestamp(microseconds: range.lowerBound.microseconds - length)
        // Those before may be others; a few more than are told of are looked at.
        query.limit = Self.mostTags * 5
        let before = Dictionary(
            try await source.reports.rollups.totals(query).map { ($0.tag ?? "", $0.totals.requests) }
        ) { first, _ in first }
        return now.map { Tag(name: $0.tag ?? "", sums: $0.totals, previous: before[$0.tag ?? ""] ?? 0) }
    }
}

extension RoutingSummaryEndpoint.Kind {
    fileprivate mutating func add(_ sample: RequestSample) {
        count += 1
        if sample.isError { errors += 1 }
        if let amount = sample.cost { (cost, priced) = (cost + amount, priced + 1) }
        durations.append(sample.duration)
    }

    fileprivate func write(_ type: String, of all: Int, to json: inout JSONWriter) {
        let sorted = durations.sorted()
        json.member("type", type.isEmpty ? "unclassified" : type)
        json.member("count", count)
        json.member("share", all > 0 ? Double(count) / Double(all) : .nan)
        json.member("error_rate", count > 0 ? Double(errors) / Double(count) : .nan)
        json.null("accuracy")
        json.member("average_cost", priced > 0 ? Double(cost.nanos) / 1e9 / Double(priced) : .nan)
        let isEnough = sorted.count >= Int(Metric.percentileSamples)
        json.member("p95_ms", isEnough ? milliseconds(sorted[Int(0.95 * Double(sorted.count - 1))]) : .nan)
    }
}
