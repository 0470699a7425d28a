import SiraCore

/// What is summed up; the raw value is its name in tables and answers.
package enum UsageMeasure: String, Hashable, Sendable, CaseIterable {
    case requests, errors, failed, cancelled
    case clientErrors = "client_errors"
    case limited, blocked, cached, retried, attempts, input
    case cacheRead = "cache_read"
    case cacheWrite = "cache_write"
    case output, reasoning
    case webSearches = "web_searches"
    case images
    case inputAudioTime = "input_audio_time"
    case outputAudioTime = "output_audio_time"
    case characters
    case searchUnits = "search_units"
    case cost, charge
    case failureCost = "failure_cost"
    case cacheSavings = "cache_savings"
    case routingSavings = "routing_savings"
    case unknownUsage = "unknown_usage"
    case unpriced, duration
    case queueTime = "queue_time"
    case upstreamTime = "upstream_time"

    /// Where the sum is found.
    package var total: WritableKeyPath<UsageTotals, Int64> {
        switch self {
        case .requests: \.requests
        case .errors: \.errors
        case .failed: \.failed
        case .cancelled: \.cancelled
        case .clientErrors: \.clientErrors
        case .limited: \.limited
        case .blocked: \.blocked
        case .cached: \.cached
        case .retried: \.retried
        case .attempts: \.attempts
        case .input: \.input
        case .cacheRead: \.cacheRead
        case .cacheWrite: \.cacheWrite
        case .output: \.output
        case .reasoning: \.reasoning
        case .webSearches: \.webSearches
        case .images: \.images
        case .inputAudioTime: \.inputAudioTime
        case .outputAudioTime: \.outputAudioTime
        case .characters: \.characters
        case .searchUnits: \.searchUnits
        case .cost: \.cost.nanos
        case .charge: \.charge.nanos
        case .failureCost: \.failureCost.nanos
        case .cacheSavings: \.cacheSavings.nanos
        case .routingSavings: \.routingSavings.nanos
        case .unknownUsage: \.unknownUsage
        case .unpriced: \.unpriced
        case .duration: \.duration
        case .queueTime: \.queueTime
        case .upstreamTime: \.upstreamTime
        }
    }
}

/// Which times percentiles are told of; the raw value is the sketch's column.
package enum LatencyKind: String, Hashable, Sendable, CaseIterable {
    /// From the request's arrival to the end of the answer, of requests that ended well.
    case duration = "duration_sketch"
    /// From the request's arrival to the first content of the answer, of streams that ended well.
    case timeToFirstToken = "first_token_sketch"

    /// Where the sketch is found.
    package var sketch: WritableKeyPath<UsageTotals, LatencySketch> {
        switch self {
        case .duration: \.durations
        case .timeToFirstToken: \.timesToFirstToken
        }
    }
}
