package import SiraCore

/// Sums over records.
///
/// Each stays at its limit rather than wrapping round.
package struct UsageTotals: Hashable, Sendable {
    /// Requests: records that were final.
    package var requests: Int64 = 0
    /// Requests that did not end well, by whose fault ever; those that clients cancelled are among them.
    package var errors: Int64 = 0
    /// Those of them that a provider failed, or the gateway itself.
    package var failed: Int64 = 0
    /// Those that their clients gave up, got wrong, or were refused by limits or by policies.
    package var cancelled: Int64 = 0
    package var clientErrors: Int64 = 0
    package var limited: Int64 = 0
    package var blocked: Int64 = 0
    /// Requests that a provider answered well, whose prompts were read from a cache, in part or whole.
    package var cached: Int64 = 0
    /// Requests that ended well, and not by their first attempt; of a session each answer is an attempt, so it counts as
    /// none.
    package var retried: Int64 = 0
    /// Records: requests, and the attempts that others followed.
    package var attempts: Int64 = 0
    /// Tokens, as ``Usage`` counts them: input and output include the others.
    package var input: Int64 = 0
    package var cacheRead: Int64 = 0
    package var cacheWrite: Int64 = 0
    package var output: Int64 = 0
    package var reasoning: Int64 = 0
    /// Searches of the web.
    package var webSearches: Int64 = 0
    /// Pictures that were made.
    package var images: Int64 = 0
    /// Milliseconds of audio, listened to and spoken.
    package var inputAudioTime: Int64 = 0
    package var outputAudioTime: Int64 = 0
    /// Characters of text that were spoken.
    package var characters: Int64 = 0
    /// Searches that rankings were billed as.
    package var searchUnits: Int64 = 0
    /// The sum of the costs that are known.
    package var cost = NanoUSD.zero
    /// The sum of the charges that are known.
    package var charge = NanoUSD.zero
    /// The part of ``cost`` that went into attempts that did not end well, whether others followed or not.
    package var failureCost = NanoUSD.zero
    package var cacheSavings = NanoUSD.zero
    package var routingSavings = NanoUSD.zero
    /// Attempts that may have cost something, and whose usage is not known, or not all of it.
    package var unknownUsage: Int64 = 0
    /// Attempts whose usage is known, and whose price is not.
    package var unpriced: Int64 = 0
    /// The durations of the requests, in microseconds.
    package var duration: Int64 = 0
    /// The times that the requests waited for their turns, in microseconds.
    package var queueTime: Int64 = 0
    /// The times that they waited for providers.
    package var upstreamTime: Int64 = 0
    /// How the durations of the requests that ended well are distributed.
    package var durations = LatencySketch()
    /// The same of the times to the first content of their answers, where these were streams.
    package var timesToFirstToken = LatencySketch()

    package init() {}

    package init(_ record: UsageRecord) {
        let isRequest = record.isFinal && !record.isCorrection
        requests = isRequest ? 1 : 0
        errors = isRequest && record.outcome != .ok ? 1 : 0
        attempts = record.isCorrection ? 0 : 1
        input = Int64(record.usage.input)
        cacheRead = Int64(record.usage.cacheRead)
        cacheWrite = Int64(record.usage.cacheWrite)
        cacheWrite.add(Int64(record.usage.cacheWriteLong))
        output = Int64(record.usage.output)
        reasoning = Int64(record.usage.reasoning)
        webSearches = Int64(record.usage.webSearches)
        images = Int64(record.usage.images)
        inputAudioTime = Int64(record.usage.inputAudioTime)
        outputAudioTime = Int64(record.usage.outputAudioTime)
        characters = Int64(record.usage.characters)
        searchUnits = Int64(record.usage.searchUnits)
        cost = record.cost ?? .zero
        charge = record.charge ?? .zero
        cacheSavings = record.cacheSavings
        routingSavings = record.routingSavings
        unknownUsage = record.costGap == .unknownUsage ? 1 : 0
        unpriced = record.costGap == .unpriced ? 1 : 0
        if !record.isCorrection, record.outcome != .ok { failureCost = record.cost ?? .zero }
        guard isRequest else { return }
        duration = record.duration
        queueTime = record.queueTime
        upstreamTime = record.upstreamTime
        switch record.outcome {
        case .ok: addAnswer(record)
        case .clientError: clientErrors = 1
        case .limited: limited = 1
        case .blocked: blocked = 1
        case .cancelled: cancelled = 1
        case .upstreamError, .gatewayError: failed = 1
        }
    }

    /// Counts what is told of requests that ended well alone.
    private mutating func addAnswer(_ record: UsageRecord) {
        cached = record.attempt > 0 && record.usage.cacheRead > 0 ? 1 : 0
        retried = record.attempt > 1 && record.status != UsageRecord.sessionStatus ? 1 : 0
        durations = LatencySketch(record.duration)
        if record.isStream, let time = record.timeToFirstToken { timesToFirstToken = LatencySketch(time) }
    }

    package static func += (left: inout UsageTotals, right: UsageTotals) {
        left.requests.add(right.requests)
        left.errors.add(right.errors)
        left.failed.add(right.failed)
        left.cancelled.add(right.cancelled)
        left.clientErrors.add(right.clientErrors)
        left.limited.add(right.limited)
        left.blocked.add(right.blocked)
        left.cached.add(right.cached)
        left.retried.add(right.retried)
        left.attempts.add(right.attempts)
        left.input.add(right.input)
        left.cacheRead.add(right.cacheRead)
        left.cacheWrite.add(right.cacheWrite)
        left.output.add(right.output)
        left.reasoning.add(right.reasoning)
        left.webSearches.add(right.webSearches)
        left.images.add(right.images)
        left.inputAudioTime.add(right.inputAudioTime)
        left.outputAudioTime.add(right.outputAudioTime)
        left.characters.add(right.characters)
        left.searchUnits.add(right.searchUnits)
        left.cost += right.cost
        left.charge += right.charge
        left.failureCost += right.failureCost
        left.cacheSavings += right.cacheSavings
        left.routingSavings += right.routingSavings
        left.unknownUsage.add(right.unknownUsage)
        left.unpriced.add(right.unpriced)
        left.duration.add(right.duration)
        left.queueTime.add(right.queueTime)
        left.upstreamTime.add(right.upstreamTime)
        left.durations += right.durations
        left.timesToFirstToken += right.timesToFirstToken
    }
}

/// Why a record has no cost.
package enum CostGap: Hashable, Sendable {
    /// The attempt may have cost something, and its usage is not known, or not all of it.
    case unknownUsage
    /// The usage is known, the price is not.
    case unpriced
}

extension UsageRecord {
    /// Why there is no cost; nil when there is one, when no provider was asked so that nothing can have been charged,
    /// or when the record is a correction, which leaves that as it was.
    package var costGap: CostGap? {
        guard cost == nil, attempt > 0, !isCorrection else { return nil }
        return usageBasis == .none || usageBasis == .partial ? .unknownUsage : .unpriced
    }
}

extension Int64 {
    /// Adds, and stays at the limit that the sum would go beyond.
    fileprivate mutating func add(_ other: Int64) {
        let (sum, overflow) = addingReportingOverflow(other)
        self = overflow ? (self < 0 ? .min : .max) : sum
    }
}
