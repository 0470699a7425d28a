import SiraCore
import SiraHealth
import SiraRouting
import SiraStorage
import SiraTelemetry
import SiraWire

/// What attempts tell of their deployments.
extension Attempt {
    /// Tells that the attempt has ended without an answer for the client.
    func judge(_ error: GatewayError, at now: UInt64, _ metrics: LaneMetrics) {
        judge(AttemptEnd(verdict(on: error)), error, at: now, metrics)
    }

    /// Tells that the provider has agreed to a session.
    func judgeAgreed(at now: UInt64, _ metrics: LaneMetrics) {
        judge(AttemptEnd(.success), nil, at: now, metrics)
    }

    /// Tells how an answer has ended that was the client's.
    ///
    /// - Parameters:
    ///   - error: nil when it is complete.
    ///   - record: its line of the ledger.
    ///   - firstContent: when its first content came; nil where none did.
    func judge(
        _ error: GatewayError?,
        _ record: UsageRecord,
        firstContent: UInt64?,
        at now: UInt64,
        _ metrics: LaneMetrics
    ) {
        var end = AttemptEnd(error.map(verdict) ?? .success)
        if record.isStream { end.firstToken = firstContent.map { $0 &- started } }
        if record.usageBasis == .provider {
            end.inputTokens = record.usage.input
            end.cachedTokens = record.usage.cacheRead
            end.outputTokens = record.usage.output
        }
        end.cost = record.cost?.nanos
        judge(end, error, at: now, metrics)
    }

    /// Tells when the first token came.
    func noteFirstToken(_ time: UInt64?) {
        guard let time, var begun else { return }
        deployment.health.noteFirstToken(&begun, at: time)
        self.begun = begun
    }

    /// Tells what the head of the provider's answer says of limits.
    func noteLimits(_ headers: HeaderFields, _ clock: GatewayClock) {
        guard let begun, showsOwnKey else { return }
        // Few answers say anything, and those who do not should not pay for the question.
        let telling = headers.fields.filter { $0.name.tellsLimits }
        guard !telling.isEmpty else { return }
        let now = clock.uptime()
        let facts = RateLimitFacts(now: clock.now(), uptime: now) { name in
            telling.first { $0.name.lowercased() == name }?.value
        }
        deployment.health.noteLimits(facts, begun, at: now)
    }

    private func judge(_ end: AttemptEnd, _ error: GatewayError?, at now: UInt64, _ metrics: LaneMetrics) {
        guard !isJudged else { return }
        isJudged = true
        if isSent { metrics.attemptEnded(AttemptKind(kind), outcome(end.verdict, error)) }
        let health = deployment.health
        if let error, error.lacksModel, candidate.isListed { health.disable(.modelNotFound, at: now) }
        if let begun { return health.end(begun, end, at: now) }
        // Made as a last resort, it shows what a probe would show.
        switch end.verdict {
        case .success: health.noteProbe(succeeded: true, at: now)
        case .failure where health.standing(at: now).state != .closed: health.noteProbe(succeeded: false, at: now)
        // Its keys alone were at fault, and what one of them was refused says nothing of the deployment.
        case .failure, .neutral: break
        }
    }

    /// What a failure says of the deployment: nothing, where it was the request's or the client's.
    private func verdict(on error: GatewayError) -> Verdict {
        if case .late = withdrawal { return .failure(.slowFirstToken) }
        guard isSent, withdrawal == nil else { return .neutral }
        // What one key is refused says nothing of the one that was to be shown.
        let isOfKey = error.code == .upstreamRateLimited || error.code == .upstreamAuthentication
        guard showsOwnKey || !isOfKey else { return .neutral }
        return switch error.code {
        case .upstreamUnreachable: .failure(.unreachable)
        case .upstreamTimeout: .failure(.timeout)
        case .upstreamFailed: .failure(.serverError)
        case .upstreamRateLimited: .failure(.rateLimited)
        case .upstreamAuthentication: .failure(.authentication)
        case .upstreamProtocol: .failure(.protocolError)
        case .upstreamInterrupted: .failure(.interrupted)
        default: .neutral
        }
    }
}

extension String {
    /// Whether a header field of this name may say something of limits.
    fileprivate var tellsLimits: Bool {
        switch utf8.first.map({ $0 | 0x20 }) {
        case UInt8(ascii: "x"), UInt8(ascii: "a"), UInt8(ascii: "r"):
            let name = lowercased()
            return name.contains("ratelimit") || name.hasPrefix("retry-after")
        default: return false
        }
    }
}
