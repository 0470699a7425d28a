/// What the answers of a deployment are like, learned from those that went well.
struct AnswerMeasures: Sendable {
    private var output = MeanEWMA()
    private var cost = MeanEWMA()
    private var cache = RatioEWMA()
    private var speed = RatioEWMA()

    /// Answers shorter than this say nothing about speed: they come in one piece.
    private static let fewTokens = 8

    var meanOutputTokens: Double? { output.value }
    /// Nano-dollars.
    var meanCost: Double? { cost.value }
    var cacheShare: Double? { cache.value.map { min($0, 1) } }
    var tokensPerSecond: Double? { speed.value }

    /// Takes in an attempt that went well.
    ///
    /// - Parameters:
    ///   - duration: nanoseconds from its beginning to its end.
    ///   - firstToken: microseconds from its beginning; nil where all came at once.
    mutating func observe(_ end: AttemptEnd, lasting duration: UInt64, firstToken: UInt64?) {
        if let cost = end.cost { self.cost.observe(Double(cost)) }
        if let input = end.inputTokens, let cached = end.cachedTokens {
            cache.observe(Double(cached), of: Double(input))
        }
        guard let tokens = end.outputTokens else { return }
        output.observe(Double(max(0, tokens)))
        let (waited, overflow) = (firstToken ?? 0).multipliedReportingOverflow(by: .nanosecondsPerMicrosecond)
        let streamed = overflow ? 0 : duration.passed(since: waited)
        guard tokens >= Self.fewTokens, streamed >= 1_000_000 else { return }
        speed.observe(Double(tokens), of: Double(streamed) / 1_000_000_000)
    }
}
