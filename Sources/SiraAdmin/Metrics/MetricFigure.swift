import SiraCore
import SiraJSON
import SiraStorage

/// What a figure is counted in.
enum MetricUnit: String, Sendable {
    case milliseconds = "ms"
    case ratio
    case dollars = "usd"
    case count
    case perSecond = "per_second"
}

/// A metric's value over some time.
struct MetricFigure: Sendable {
    /// Nil where it cannot be told; ``reason`` says why.
    var value: Double?
    /// What it is taken from: requests, as a rule.
    var samples: Int64 = 0
    var reason: String?
    /// What it is made of, or goes with it.
    var parts: [(name: StaticString, value: Double?)] = []

    init(_ value: Double?, samples: Int64, parts: [(name: StaticString, value: Double?)] = []) {
        (self.value, self.samples, self.parts) = (value, samples, parts)
    }

    /// One that cannot be told.
    static func unknown(_ reason: String) -> MetricFigure {
        var figure = MetricFigure(nil, samples: 0)
        figure.reason = reason
        return figure
    }

    /// How often routing chose well, as far as feedback tells.
    static func accuracy(_ judgements: RequestJudgements) -> MetricFigure {
        let (judged, right) = (Double(judgements.judged), Double(judgements.right))
        return MetricFigure(judged > 0 ? right / judged : nil, samples: judgements.judged, parts: [("right", right)])
            .needing(Metric.routingAccuracy.needed)
    }

    /// The same, unless there are fewer samples than it takes to say so.
    func needing(_ count: Int64) -> MetricFigure {
        guard reason == nil else { return self }
        var figure = self
        if samples < count { (figure.value, figure.reason) = (nil, samples == 0 ? "no_samples" : "too_few_samples") }
        return figure
    }
}

/// A metric of the console: one definition, wherever it is shown.
///
/// All but ``routingAccuracy`` are taken from sums of requests by the time at which they arrived.
enum Metric: String, Sendable, CaseIterable {
    case requests, ok, errors, failed, limited, blocked, cancelled
    case clientErrors = "client_errors"
    case rps
    case averageResponse = "avg_response"
    case p50, p90, p95, p99
    case firstTokenMedian = "ttft_p50"
    case firstToken = "ttft_p95"
    case overhead = "overhead_avg"
    case overheadHigh = "overhead_p95"
    case success
    case errorRate = "error_rate"
    case firstChoice = "first_choice"
    case routingAccuracy = "routing_accuracy"
    case cacheHit = "cache_hit"
    case tokens
    case inputTokens = "input_tokens"
    case outputTokens = "output_tokens"
    case cachedTokens = "cached_tokens"
    case reasoningTokens = "reasoning_tokens"
    case spend
    /// The same as ``spend``, by its shorter name.
    case cost
    case charge
    case costPerRequest = "cost_per_request"
    case costOfFailures = "cost_of_failures"
    case savings, unpriced

    /// Samples that a percentile, and that a share, takes.
    static let (percentileSamples, shareSamples): (Int64, Int64) = (20, 5)

    /// Whether it follows from the sums that are kept for each slice of time.
    var isOfSums: Bool { self != .routingAccuracy }

    var unit: MetricUnit {
        switch self {
        case .rps: .perSecond
        case .averageResponse, .p50, .p90, .p95, .p99, .firstTokenMedian, .firstToken, .overhead, .overheadHigh:
            .milliseconds
        case .success, .errorRate, .firstChoice, .routingAccuracy, .cacheHit: .ratio
        case .spend, .cost, .charge, .costPerRequest, .costOfFailures, .savings: .dollars
        default: .count
        }
    }

    /// Samples without which it says nothing.
    var needed: Int64 {
        switch self {
        case .p50, .p90, .p95, .p99, .firstTokenMedian, .firstToken: Self.percentileSamples
        case .success, .errorRate, .firstChoice, .cacheHit: Self.shareSamples
        case .routingAccuracy: 30
        case .averageResponse, .overhead, .costPerRequest: 1
        default: 0
        }
    }

    /// The distribution that it is read from; nil for none.
    var latencies: Set<LatencyKind> {
        switch self {
        case .averageResponse, .p50, .p90, .p95, .p99: [.duration]
        case .firstTokenMedian, .firstToken: [.timeToFirstToken]
        default: []
        }
    }

    /// What the metric was over so many seconds with these sums.
    func figure(_ totals: UsageTotals, seconds: Double) -> MetricFigure {
        value(totals, seconds: seconds).needing(needed)
    }

    /// The value by itself, however few samples there are.
    func plainValue(_ totals: UsageTotals, seconds: Double) -> Double? { value(totals, seconds: seconds).value }
}

extension Metric {
    private func value(_ sums: UsageTotals, seconds: Double) -> MetricFigure {
        let count = sums.requests
        switch self {
        case .requests: return MetricFigure(Double(count), samples: count)
        case .ok: return MetricFigure(Double(count - sums.errors), samples: count)
        case .errors: return MetricFigure(Double(sums.errors), samples: count)
        case .failed: return MetricFigure(Double(sums.failed), samples: count)
        case .limited: return MetricFigure(Double(sums.limited), samples: count)
        case .blocked: return MetricFigure(Double(sums.blocked), samples: count)
        case .cancelled: return MetricFigure(Double(sums.cancelled), samples: count)
        case .clientErrors: return MetricFigure(Double(sums.clientErrors), samples: count)
        case .unpriced: return MetricFigure(Double(sums.unpriced + sums.unknownUsage), samples: sums.attempts)
        case .rps: return MetricFigure(seconds > 0 ? Double(count) / seconds : nil, samples: count)
        case .averageResponse, .p50, .p90, .p95, .p99, .firstTokenMedian, .firstToken, .overhead, .overheadHigh:
            return time(sums)
        case .success, .errorRate, .firstChoice, .routingAccuracy, .cacheHit: return share(sums)
        case .tokens, .inputTokens, .outputTokens, .cachedTokens, .reasoningTokens: return tokens(sums)
        case .spend, .cost, .charge, .costPerRequest, .costOfFailures, .savings: return money(sums)
        }
    }

    private func time(_ sums: UsageTotals) -> MetricFigure {
        func quantile(_ sketch: LatencySketch, _ share: Double) -> MetricFigure {
            MetricFigure(sketch.quantile(share).map(milliseconds), samples: Int64(clamping: sketch.count))
        }
        switch self {
        case .averageResponse:
            let mean = sums.requests > 0 ? Double(sums.duration) / Double(sums.requests) / 1_000 : nil
            let parts: [(StaticString, Double?)] = [
                ("p50", sums.durations.quantile(0.5).map(milliseconds)),
                ("p95", sums.durations.quantile(0.95).map(milliseconds)),
                ("p99", sums.durations.quantile(0.99).map(milliseconds)),
            ]
            return MetricFigure(mean, samples: sums.requests, parts: parts)
        case .p50: return quantile(sums.durations, 0.5)
        case .p90: return quantile(sums.durations, 0.9)
        case .p95: return quantile(sums.durations, 0.95)
        case .p99: return quantile(sums.durations, 0.99)
        case .firstTokenMedian: return quantile(sums.timesToFirstToken, 0.5)
        case .firstToken: return quantile(sums.timesToFirstToken, 0.95)
        case .overhead:
            let own = max(0, sums.duration - sums.upstreamTime - sums.queueTime)
            let mean = sums.requests > 0 ? Double(own) / Double(sums.requests) / 1_000 : nil
            return MetricFigure(mean, samples: sums.requests)
        default: return .unknown("live_only")
        }
    }

    private func share(_ sums: UsageTotals) -> MetricFigure {
        func share(_ part: Int64, of whole: Int64, _ parts: [(StaticString, Double?)]) -> MetricFigure {
            MetricFigure(whole > 0 ? Double(part) / Double(whole) : nil, samples: whole, parts: parts)
        }
        let ok = sums.requests - sums.errors
        switch self {
        case .success:
            let overAll = sums.requests > 0 ? Double(ok) / Double(sums.requests) : nil
            return share(
                ok,
                of: sums.requests - sums.cancelled - sums.clientErrors,
                [("ok", Double(ok)), ("over_all", overAll)]
            )
        case .errorRate:
            return share(sums.failed, of: sums.requests - sums.cancelled, [("failed", Double(sums.failed))])
        case .firstChoice:
            return share(ok - sums.retried, of: ok + sums.failed, [("first", Double(ok - sums.retried))])
        case .cacheHit: return share(sums.cached, of: ok, [("hits", Double(sums.cached)), ("lookups", Double(ok))])
        default: return .unknown("not_measured")
        }
    }

    private func tokens(_ sums: UsageTotals) -> MetricFigure {
        let count: Int64 =
            switch self {
            case .inputTokens: sums.input
            case .outputTokens: sums.output
            case .cachedTokens: sums.cacheRead
            case .reasoningTokens: sums.reasoning
            default: sums.input &+ sums.output
            }
        guard self == .tokens else { return MetricFigure(Double(count), samples: sums.attempts) }
        // Parts that add up to the whole: what is cached is a part of the prompt, reasoning one of the answer.
        return MetricFigure(
            Double(count),
            samples: sums.attempts,
            parts: [
                ("input", Double(sums.input - sums.cacheRead)), ("cached", Double(sums.cacheRead)),
                ("output", Double(sums.output - sums.reasoning)), ("reasoning", Double(sums.reasoning)),
            ]
        )
    }

    private func money(_ sums: UsageTotals) -> MetricFigure {
        func dollars(_ amount: NanoUSD) -> Double { Double(amount.nanos) / 1e9 }
        switch self {
        case .charge: return MetricFigure(dollars(sums.charge), samples: sums.attempts)
        case .costOfFailures: return MetricFigure(dollars(sums.failureCost), samples: sums.attempts)
        case .savings:
            return MetricFigure(
                dollars(sums.cacheSavings + sums.routingSavings),
                samples: sums.requests,
                parts: [("prompt_cache", dollars(sums.cacheSavings)), ("routing", dollars(sums.routingSavings))]
            )
        case .costPerRequest:
            let ok = sums.requests - sums.errors
            return MetricFigure(ok > 0 ? dollars(sums.cost) / Double(ok) : nil, samples: ok)
        default:
            return MetricFigure(
                dollars(sums.cost),
                samples: sums.attempts,
                parts: [
                    ("answers", dollars(sums.cost - sums.failureCost)), ("failures", dollars(sums.failureCost)),
                ]
            )
        }
    }
}
