/// Why an attempt was made, as a label's value.
package enum AttemptKind: Int, Sendable, CaseIterable {
    case first
    /// The same deployment, once more.
    case retry
    /// Another deployment, since one has failed.
    case fallback
    /// Another deployment beside one that is slow.
    case hedge
    /// One of several that were asked at once.
    case race
    /// Goes on with a stream that broke off.
    case continuation

    /// The label's value.
    package var label: String {
        switch self {
        case .first: "first"
        case .retry: "retry"
        case .fallback: "fallback"
        case .hedge: "hedge"
        case .race: "race"
        case .continuation: "continuation"
        }
    }
}

/// How an attempt ended, as a label's value.
package enum AttemptOutcome: Int, Sendable, CaseIterable {
    case ok
    case unreachable, timeout, slowFirstToken, serverError, rateLimited, authentication, protocolError, interrupted
    /// Another attempt began to answer first.
    case lost
    /// The client went away.
    case cancelled
    /// The request was at fault, or could not be put into the provider's protocol.
    case rejected

    /// The label's value.
    package var label: String {
        switch self {
        case .ok: "ok"
        case .unreachable: "unreachable"
        case .timeout: "timeout"
        case .slowFirstToken: "slow_first_token"
        case .serverError: "server_error"
        case .rateLimited: "rate_limited"
        case .authentication: "authentication"
        case .protocolError: "protocol_error"
        case .interrupted: "interrupted"
        case .lost: "lost"
        case .cancelled: "cancelled"
        case .rejected: "rejected"
        }
    }
}
