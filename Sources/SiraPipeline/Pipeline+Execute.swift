import NIOCore
import SiraCore
import SiraLedger
import SiraRouting
import SiraStorage
import SiraTelemetry
import SiraWire

extension Pipeline {
    /// Asks the plan's deployments, one after another, until one begins to answer.
    ///
    /// The first content of the answer commits the attempt, and so does a long silence after its head: up to then
    /// another deployment can still be asked, and the client has been told nothing. Each attempt that failed is a line of
    /// the ledger.
    nonisolated(nonsending) func execute(
        _ plan: Plan,
        _ request: RequestContext,
        _ client: any ClientStream
    ) async throws(GatewayError) -> Answer {
        var candidates = plan.candidates[...]
        while let candidate = candidates.popFirst() {
            let before = request.attempt
            let attempt = Attempt(candidate, .first, of: request, at: context.clock.uptime())
            request.attempt = attempt
            client.abort.onFire { attempt.abort.fire() }
            do throws(GatewayError) {
                let answer = try await perform(attempt, request)
                request.committed = context.clock.uptime()
                request.upstreamTime += request.committed &- attempt.started
                request.trail.mark(.execute, at: request.committed)
                return answer
            } catch {
                request.upstreamTime += context.clock.uptime() &- attempt.started
                noteWhetherSent(error, attempt, request, before)
                logDetail(of: error, request)
                guard !candidates.isEmpty, error.mayGoElsewhere, request.isRepeatable, !client.abort.hasFired else {
                    throw error
                }
                if attempt.isSent { book(error, of: attempt, request) }
            }
        }
        throw GatewayError(.modelNotFound, "There is no provider for this model.", field: "model")
    }

    /// Takes back an attempt of which nothing was sent, such as of what cannot be put into the provider's protocol: it is
    /// no attempt and has no line, and the provider is not said to have answered.
    ///
    /// - Parameter before: the attempt before it.
    func noteWhetherSent(_ error: GatewayError, _ attempt: Attempt, _ request: RequestContext, _ before: Attempt?) {
        if attempt.isSent { return }
        guard error.code.blame != .upstream else {
            // What is needed for asking the provider was asked for, such as its token.
            return attempt.noteSent(request)
        }
        request.attempt = before
    }

    /// Books an attempt that failed, where another one follows.
    func book(_ error: GatewayError, of attempt: Attempt, _ request: RequestContext) {
        var record = request.record(of: attempt, now: context.clock.uptime())
        record.isFinal = false
        record.outcome = Outcome(error.code)
        record.errorCode = error.code.rawValue
        record.status = error.upstreamStatus ?? error.status
        record.enter(attempt.consumption, prices: attempt.deployment.prices)
        attempt.isBooked = true
        context.journal.append(record)
    }
}

extension GatewayError {
    /// Whether another deployment may do better, as where the request can be expressed in its protocol.
    var mayGoElsewhere: Bool { code.blame == .upstream || code == .unsupportedFeature }
}
