import SiraLimits
import SiraCore
import SiraLedger
import SiraRouting
import SiraStorage
import SiraWire

extension Pipeline {
    /// Asks the plan's deployments until one begins to answer.
    ///
    /// The first content of the answer commits the attempt, and so does a long silence after its head: up to then
    /// another deployment can still be asked, and the client has been told nothing. Each attempt that failed is a line of
    /// the ledger.
    nonisolated(nonsending) func execute(
        _ plan: Plan,
        _ request: RequestContext,
        _ client: any ClientStream
    ) async throws(GatewayError) -> Answer {
        try await Execution(self, plan, request, client).run()
    }

    /// Takes back an attempt of which nothing was sent, such as of what cannot be put into the provider's protocol: it is
    /// no attempt and has no line, and the provider is not said to have answered.
    func noteWhetherSent(_ error: GatewayError, _ attempt: Attempt, _ request: RequestContext) {
        if attempt.isSent { return }
        guard error.code.blame != .upstream else {
            // What is needed for asking the provider was asked for, such as its token.
            return attempt.noteSent(request)
        }
        if request.attempt === attempt { request.attempt = attempt.before }
    }

    /// Books an attempt that failed, where another one follows.
    func book(_ error: GatewayError, of attempt: Attempt, _ request: RequestContext) {
        var record = request.record(of: attempt, now: context.clock.uptime())
        record.isFinal = false
        record.outcome = Outcome(error.code)
        record.errorCode = error.code.rawValue
        record.status = error.upstreamStatus ?? error.status
        request.price(&record, attempt.consumption, prices: attempt.deployment.prices)
        attempt.isBooked = true
        attempt.settleSupply(record)
        context.enter(record)
        settle(record, request)
    }
}

extension GatewayError {
    /// Whether another deployment may do better, as where the request can be expressed in its protocol.
    var mayGoElsewhere: Bool { code.blame == .upstream || code == .unsupportedFeature }
}
