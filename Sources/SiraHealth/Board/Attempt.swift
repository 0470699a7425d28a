/// An attempt that has begun at a deployment; to be ended exactly once.
package struct Begun: Sendable {
    /// When it began.
    package let at: UInt64
    /// The index of the credential to use, in the order of the access's keys; 0 where there is none or one.
    package let key: Int
    /// Whether this attempt is a trial of somebody who was ill: worth a shorter time limit, and no hedge.
    package var isTrial: Bool { permit.isTrial }
    let tokens: Int
    let permit: Breaker.Permit
    /// Given where the key was under suspicion.
    let keyPermit: Breaker.Permit?
    /// What had been spent of the key's quota when this attempt had taken its part.
    let spent: Quota.Spent
    /// Microseconds, once it is known.
    var firstToken: UInt64?
}

/// How an attempt ended.
package struct AttemptEnd: Sendable {
    package var verdict: Verdict
    /// From the beginning to the first token in nanoseconds; only where it was not noted when it came.
    package var firstToken: UInt64?
    /// Tokens of the prompt, cached ones included; nil where unknown, as with the following.
    package var inputTokens: Int?
    package var cachedTokens: Int?
    package var outputTokens: Int?
    /// Nano-dollars.
    package var cost: Int64?

    package init(
        _ verdict: Verdict,
        firstToken: UInt64? = nil,
        inputTokens: Int? = nil,
        cachedTokens: Int? = nil,
        outputTokens: Int? = nil,
        cost: Int64? = nil
    ) {
        self.verdict = verdict
        self.firstToken = firstToken
        self.inputTokens = inputTokens
        self.cachedTokens = cachedTokens
        self.outputTokens = outputTokens
        self.cost = cost
    }
}

/// What an attempt says about a deployment's health.
package enum Verdict: Hashable, Sendable {
    case success
    case failure(FailureKind)
    /// Nothing: the request was at fault, the client went away, or another attempt was faster.
    case neutral
}

/// The ways in which a deployment can fail.
package enum FailureKind: String, Hashable, Sendable, CaseIterable {
    /// No connection could be made.
    case unreachable
    /// It did not answer, or stopped answering, within a time limit.
    case timeout
    /// Its first token did not come in time.
    case slowFirstToken
    /// A status of 5xx.
    case serverError
    /// A status of 429: cools the key down instead of counting, as long as there is another key.
    case rateLimited
    /// A status of 401, 402 or 403: a matter of the key, not of the deployment.
    case authentication
    /// An answer that is not what the protocol asks for.
    case protocolError
    /// A stream that broke off.
    case interrupted

    /// The kind in words.
    package var words: String {
        switch self {
        case .unreachable: "unreachable"
        case .timeout: "timed out"
        case .slowFirstToken: "first token too late"
        case .serverError: "server error"
        case .rateLimited: "rate limited"
        case .authentication: "credential refused"
        case .protocolError: "answer not understood"
        case .interrupted: "answer broke off"
        }
    }
}
