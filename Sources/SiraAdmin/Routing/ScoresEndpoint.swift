import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy

/// How models compare, from what their requests have shown.
struct ScoresEndpoint: Sendable {
    let source: RoutingSource

    var endpoint: Endpoint {
        Endpoint(
            .get,
            "/scores",
            name: "list_scores",
            tag: "routing",
            "Score models by what their requests have shown",
            access: .gateway(RoutingEndpoints.permission),
            answer: .object([
                ("from", .time), ("to", .time), ("target_ms", JSONSchema.number.orNull),
                ("models", .list(ReportSchemas.loose("A model with its scores, from 0 to 100, and their samples."))),
            ])
        ) { request in
            EndpointReply(try await answer(request))
        }.with {
            $0.details = """
                A day without a time. Each score is from 0 to 100 with the number of its samples `n`, null where there \
                are none. `speed` is the target over p95, where the target is `target_ms` or the fastest model's p95; \
                `price` the cheapest model's dollars per thousand tokens over its own, null where not all have a price; `reliability` (success − 0.9) ÷ \
                0.1; `cache` the share of requests that read from a cache. `quality` and `fit` are not measured.
                """
            $0.parameters =
                [
                    EndpointParameter("target_ms", .integer(1...3_600_000), "The p95 that is fast enough for 100.")
                ] + ConsoleFilters.times
        }
    }

    private struct Model {
        var id: String
        var sums: UsageTotals
        var perThousand: Double? {
            let tokens = sums.input + sums.output
            // Tokens without a price would make the others look cheap.
            guard tokens > 0, sums.unpriced == 0, sums.unknownUsage < sums.attempts else { return nil }
            return Double(sums.cost.nanos) / 1e9 / Double(tokens) * 1_000
        }
        var slow: Double? { sums.durations.quantile(0.95).map(milliseconds) }
    }

    private func answer(_ request: EndpointRequest) async throws -> [UInt8] {
        let now = source.reports.clock.now()
        let range = try ConsoleFilters.range(request.query, usual: .seconds(86_400), now: now)
        var query = RollupQuery(from: range.lowerBound, until: range.upperBound, by: [.provider, .model])
        (query.order, query.limit) = (.descending(.requests), 100)
        let models = try await source.reports.rollups.totals(query).filter { $0.provider?.isEmpty == false }
            .map { Model(id: "\($0.provider ?? "")/\($0.model ?? "")", sums: $0.totals) }
        let target = request.query["target_ms"].flatMap { Double($0) } ?? models.compactMap(\.slow).min()
        let cheapest = models.compactMap(\.perThousand).filter { $0 > 0 }.min()
        var json = JSONWriter(capacity: 4_096)
        json.object { json in
            json.member("from", range.lowerBound.description)
            json.member("to", range.upperBound.description)
            json.member("target_ms", target ?? .nan)
            json.array("models") { list in
                for model in models { list.object { Self.write(model, target, cheapest, to: &$0) } }
            }
        }
        return json.bytes
    }

    private static func write(_ model: Model, _ target: Double?, _ cheapest: Double?, to json: inout JSONWriter) {
        func score(_ name: StaticString, _ value: Double?, _ samples: Int64) {
            json.object(name) {
                $0.member("value", value.map { min(100, max(0, $0 * 100)) } ?? .nan)
                $0.member("n", samples)
            }
        }
        let sums = model.sums
        json.member("id", model.id)
        json.member("requests", sums.requests)
        score("quality", nil, 0)
        let speed = model.slow.flatMap { slow in target.map { slow > 0 ? min(1, $0 / slow) : 1 } }
        score("speed", speed, Int64(clamping: sums.durations.count))
        let price = model.perThousand.map { own in own > 0 ? min(1, (cheapest ?? own) / own) : 1 }
        score("price", price, sums.attempts)
        let success = Metric.success.figure(sums, seconds: 1)
        score("reliability", success.value.map { ($0 - 0.9) / 0.1 }, success.samples)
        let cache = Metric.cacheHit.figure(sums, seconds: 1)
        score("cache", cache.value, cache.samples)
        score("fit", nil, 0)
        json.member("p95_ms", model.slow ?? .nan)
        json.member("usd_per_1k_tokens", model.perThousand ?? .nan)
        json.member("success", success.value ?? .nan)
    }
}
