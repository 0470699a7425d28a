import SiraCore
import SiraStorage

/// Adds up the lines of a second.
struct PulseSecond {
    private var counts: [Outcome: Int] = [:]
    private(set) var requests = 0
    private var (input, output, cost) = (0, 0, NanoUSD.zero)
    private var (hits, lookups) = (0, 0)
    private var durations: [Int64] = []
    private var firstTokens: [Int64] = []
    private var overheads: [Int64] = []

    mutating func add(_ record: UsageRecord) {
        guard !record.isCorrection else { return }
        // Every attempt costs; a request is counted once.
        input += record.usage.input
        output += record.usage.output
        cost += record.cost ?? .zero
        guard record.isFinal else { return }
        requests += 1
        counts[record.outcome, default: 0] += 1
        overheads.append(record.overhead)
        if record.attempt > 0, record.outcome == .ok {
            lookups += 1
            if record.usage.cacheRead > 0 { hits += 1 }
        }
        guard record.outcome == .ok else { return }
        durations.append(record.duration)
        if record.isStream, let time = record.timeToFirstToken { firstTokens.append(time) }
    }

    /// The second's numbers.
    ///
    /// - Parameters:
    ///   - arrived: how many requests arrived; nil where that is not known and those that ended stand for them.
    ///   - inflight: how many are being answered; nil where that is not known.
    func point(at second: Int64, arrived: Int?, inflight: Int?, sessions: Int) -> PulsePoint {
        let (durations, firstTokens) = (durations.sorted(), firstTokens.sorted())
        let overheads = overheads.sorted()
        let values = PulseColumn.allCases.map { column in
            switch column {
            case .rps: Double(arrived ?? requests)
            case .inflight: inflight.map(Double.init) ?? .nan
            case .ok: Double(counts[.ok] ?? 0)
            case .failed: Double((counts[.upstreamError] ?? 0) + (counts[.gatewayError] ?? 0))
            case .limited: Double(counts[.limited] ?? 0)
            case .blocked: Double(counts[.blocked] ?? 0)
            case .cancelled: Double(counts[.cancelled] ?? 0)
            case .clientErrors: Double(counts[.clientError] ?? 0)
            case .inputTokens: Double(input)
            case .outputTokens: Double(output)
            case .cost: Double(cost.nanos) / 1e9
            case .cacheHits: Double(hits)
            case .cacheLookups: Double(lookups)
            case .p50: Self.quantile(0.5, durations)
            case .p95: Self.quantile(0.95, durations)
            case .p99: Self.quantile(0.99, durations)
            case .firstToken: Self.quantile(0.95, firstTokens)
            case .overhead: Self.quantile(0.95, overheads)
            case .sessions: Double(sessions)
            }
        }
        return PulsePoint(second: second, values: values)
    }

    /// In milliseconds; of nothing, no number.
    private static func quantile(_ share: Double, _ sorted: [Int64]) -> Double {
        guard !sorted.isEmpty else { return .nan }
        return milliseconds(sorted[Int(share * Double(sorted.count - 1))])
    }
}
