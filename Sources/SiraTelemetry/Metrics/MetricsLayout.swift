import SiraCore

/// Where in a lane's cells each counter is.
///
/// The same for all lanes, so that merging them is adding cell by cell.
struct MetricsLayout: Sendable {
    let operations: [OperationLabels]

    let openStreams = 0
    let openConnections = 1
    let inflight = 2
    let streamedRequests = 3
    let requests: Int
    let errors: Int
    let stages: Int
    let addedLatency: Int
    let timeToFirstToken: Int
    let duration: Int
    let tokens: Int
    let cost: Int
    let unknownCost: Int
    let attempts: Int
    /// Those that were answered; behind it those that were not.
    let probes: Int
    let retryBudgetExhausted: Int
    let cellCount: Int

    init(operations: [OperationLabels]) {
        self.operations = operations
        let providers = ProviderSlot.capacity
        requests = 4
        errors = requests + operations.count * providers * Outcome.allCases.count
        stages = errors + ErrorCode.allCases.count
        addedLatency = stages + Stage.allCases.count
        timeToFirstToken = addedLatency + Buckets.addedLatency.cellCount
        duration = timeToFirstToken + providers * Buckets.timeToFirstToken.cellCount
        tokens = duration + operations.count * Buckets.duration.cellCount
        cost = tokens + providers * TokenKind.allCases.count
        unknownCost = cost + providers
        attempts = unknownCost + providers
        probes = attempts + AttemptKind.allCases.count * AttemptOutcome.allCases.count
        retryBudgetExhausted = probes + 2
        cellCount = retryBudgetExhausted + 1
    }

    func attempt(_ kind: AttemptKind, _ outcome: AttemptOutcome) -> Int {
        attempts + kind.rawValue * AttemptOutcome.allCases.count + outcome.rawValue
    }

    func request(_ operation: OperationSlot, _ provider: ProviderSlot, _ outcome: Outcome) -> Int {
        requests + (operation.index * ProviderSlot.capacity + provider.index) * Outcome.allCases.count
            + Int(outcome.rawValue)
    }

    func error(_ code: ErrorCode) -> Int { errors + (Self.errorIndex[code] ?? 0) }

    func stage(_ stage: Stage) -> Int { stages + stage.rawValue }

    func timeToFirstToken(_ provider: ProviderSlot) -> Int {
        timeToFirstToken + provider.index * Buckets.timeToFirstToken.cellCount
    }

    func duration(_ operation: OperationSlot) -> Int {
        duration + operation.index * Buckets.duration.cellCount
    }

    func tokens(_ provider: ProviderSlot, _ kind: TokenKind) -> Int {
        tokens + provider.index * TokenKind.allCases.count + kind.rawValue
    }

    func cost(_ provider: ProviderSlot) -> Int { cost + provider.index }

    func unknownCost(_ provider: ProviderSlot) -> Int { unknownCost + provider.index }

    private static let errorIndex = Dictionary(
        uniqueKeysWithValues: ErrorCode.allCases.enumerated().map { ($0.element, $0.offset) }
    )
}

/// The kinds of tokens that are counted.
///
/// Kinds marked as parts are included in their whole.
package enum TokenKind: Int, Sendable, CaseIterable {
    /// Whole prompts.
    case input
    /// Part of the prompt that came from the provider's cache.
    case cacheRead
    /// Part of the prompt that was written to the provider's cache, for whatever time.
    case cacheWrite
    /// Whole answers.
    case output
    /// Part of the answer that was reasoning.
    case reasoning
    /// Parts of the prompt that were audio and pictures.
    case inputAudio, inputImage
    /// Parts of the answer that were audio and pictures.
    case outputAudio, outputImage

    /// The label's value, such as `cache_read`.
    package var label: String {
        switch self {
        case .input: "input"
        case .cacheRead: "cache_read"
        case .cacheWrite: "cache_write"
        case .output: "output"
        case .reasoning: "reasoning"
        case .inputAudio: "audio_in"
        case .inputImage: "image_in"
        case .outputAudio: "audio_out"
        case .outputImage: "image_out"
        }
    }

    func count(in usage: Usage) -> Int {
        switch self {
        case .input: usage.input
        case .cacheRead: usage.cacheRead
        case .cacheWrite: usage.cacheWrite + usage.cacheWriteLong
        case .output: usage.output
        case .reasoning: usage.reasoning
        case .inputAudio: usage.inputAudio
        case .inputImage: usage.inputImage
        case .outputAudio: usage.outputAudio
        case .outputImage: usage.outputImage
        }
    }
}
