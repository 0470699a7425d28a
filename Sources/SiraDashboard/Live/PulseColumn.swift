/// What is told of every second.
enum PulseColumn: String, Sendable, CaseIterable {
    /// Requests that arrived.
    case rps
    /// Requests that are being answered; not known of a part of the gateway.
    case inflight
    /// How requests ended; failed are those that a provider or the gateway did not do.
    case ok, failed, limited, blocked, cancelled
    case clientErrors = "client_errors"
    case inputTokens = "input_tokens"
    case outputTokens = "output_tokens"
    /// In dollars, for drawing.
    case cost
    /// Requests whose prompts were read from a cache, in part or whole, and those that a provider answered.
    case cacheHits = "cache_hits"
    case cacheLookups = "cache_lookups"
    /// Times of those that ended well, in milliseconds.
    case p50, p95, p99
    case firstToken = "ttft_p95"
    /// Of all, in milliseconds.
    case overhead = "overhead_p95"
    /// Keys and end users with requests in the last five minutes, each pair once.
    case sessions
}

/// A second, in numbers; what is not known is not a number.
struct PulsePoint: Sendable {
    /// When the second began, since 1970.
    var second: Int64
    var values: [Double]

    static func unknown(_ second: Int64) -> PulsePoint {
        PulsePoint(second: second, values: Array(repeating: .nan, count: PulseColumn.allCases.count))
    }
}
