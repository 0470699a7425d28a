import SiraJSON
import SiraStorage
import SiraTenancy

/// Schemas that answers of several reports are made of.
enum ReportSchemas {
    /// The names that a line of sums may have.
    static let dimensions: [(name: String, schema: JSONSchema)] =
        [("start", JSONSchema.time.described("When the slice of time begins."))]
        + (RollupDimension.allCases.filter { $0 != .time }.map(\.label) + ["user"]).map { ($0, .text(0...400)) }

    static let names = Set(dimensions.map(\.name))
    /// The members that percentiles of times are in.
    static let percentileNames: Set = ["latency_us", "time_to_first_token_us"]
    /// What a line may be without.
    static let optional = names.union(percentileNames)

    private static let counts = [
        "requests", "errors", "attempts", "input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens",
        "reasoning_tokens", "web_searches", "images", "audio_in_ms", "audio_out_ms", "characters", "search_units",
    ]
    private static let amounts = ["cost_usd", "charge_usd", "cache_savings_usd", "routing_savings_usd"]

    /// The members of a sum, as `UsageTotals` writes them.
    static let sums: [(name: String, schema: JSONSchema)] =
        counts.map { ($0, .integer(Int64.min...Int64.max)) }
        + amounts.map { ($0, .money(signed: true)) }
        + ["unpriced", "unknown_usage", "duration_us", "queue_us"].map { ($0, .integer(Int64.min...Int64.max)) }
        + [
            ("latency_us", percentiles.described("From arrival to the answer's end, of requests that ended well.")),
            ("time_to_first_token_us", percentiles.described("From arrival to the first content, of such streams.")),
        ]

    private static let percentiles = JSONSchema.object(
        ["p50", "p90", "p95", "p99"].map { ($0, JSONSchema.integer(0...Int64.max).orNull) }
    )

    /// An object whose members are told in the documentation.
    static func loose(_ summary: String) -> JSONSchema {
        JSONSchema { json in
            json.member("type", "object")
            json.member("description", summary)
        }
    }
}
