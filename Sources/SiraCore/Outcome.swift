/// How a request ended; each has exactly one.
package enum Outcome: UInt8, Sendable, CaseIterable {
    /// Answered in full.
    case ok = 0
    /// The caller's fault: malformed, unknown model, bad key.
    case clientError = 1
    /// Refused by a limit of ours.
    case limited = 2
    /// Refused by a policy of ours.
    case blocked = 3
    /// The provider failed and nothing else could answer.
    case upstreamError = 4
    /// The caller went away before the end.
    case cancelled = 5
    /// Our own failure.
    case gatewayError = 6

    /// The word shown in logs, metrics and answers.
    package var label: String {
        switch self {
        case .ok: "ok"
        case .clientError: "client_error"
        case .limited: "limited"
        case .blocked: "blocked"
        case .upstreamError: "upstream_error"
        case .cancelled: "cancelled"
        case .gatewayError: "gateway_error"
        }
    }

    /// The outcome whose ``label`` this is.
    package init?(label: String) {
        guard let match = Self.allCases.first(where: { $0.label == label }) else { return nil }
        self = match
    }

    /// How a request that failed with `code` is counted.
    package init(_ code: ErrorCode) {
        switch code {
        case .clientClosed: self = .cancelled
        case .modelNotAllowed, .pathNotAllowed, .addressNotAllowed: self = .blocked
        case .overloaded, .rateLimited, .queueFull, .budgetExceeded, .priceUnknown: self = .limited
        default:
            switch code.blame {
            case .client, .tenant: self = .clientError
            case .upstream: self = .upstreamError
            case .gateway: self = .gatewayError
            }
        }
    }
}
