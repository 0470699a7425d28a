import SiraCore
import SiraHealth
import SiraTelemetry

/// How attempts are counted.
extension Attempt {
    /// How an attempt ended that says so much of its deployment.
    func outcome(_ verdict: Verdict, _ error: GatewayError?) -> AttemptOutcome {
        switch verdict {
        case .success: return .ok
        case .failure(let kind): return AttemptOutcome(kind)
        case .neutral:
            if case .lost = withdrawal { return .lost }
            return error?.code == .clientClosed ? .cancelled : .rejected
        }
    }
}

extension AttemptKind {
    init(_ kind: Attempt.Kind) {
        self =
            switch kind {
            case .first: .first
            case .retry: .retry
            case .fallback: .fallback
            case .hedge: .hedge
            case .race: .race
            case .continuation: .continuation
            }
    }
}

extension AttemptOutcome {
    fileprivate init(_ kind: FailureKind) {
        self =
            switch kind {
            case .unreachable: .unreachable
            case .timeout: .timeout
            case .slowFirstToken: .slowFirstToken
            case .serverError: .serverError
            case .rateLimited: .rateLimited
            case .authentication: .authentication
            case .protocolError: .protocolError
            case .interrupted: .interrupted
            }
    }
}
