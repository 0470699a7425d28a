import SiraCore
import SiraLimits
import SiraRouting
import SiraStorage
import SiraTelemetry
import SiraTenancy
import SiraWire

extension Pipeline {
    /// Takes what the request is expected to need from the limits and budgets of its tenants, after a wait for its turn
    /// where that helps.
    ///
    /// After routing, because what a request costs depends on where it goes.
    nonisolated(nonsending) func reserve(
        _ plan: Plan,
        _ request: RequestContext,
        _ client: any ClientStream
    ) async throws(GatewayError) {
        guard let meters = request.meters, !meters.meters.isEmpty else { return }
        let (tokens, now) = ((request.inbound.promptSize ?? 0) / 4, context.clock.uptime())
        guard
            let first = plan.candidates.first(where: { $0.isAvailable(for: tokens, at: now) }) ?? plan.candidates.first
        else { return }
        let claim = expectation(of: first.deployment, request).claim
        request.reservedFor = first.deployment
        let place = Place(meters: meters, claim: claim, clock: context.clock)
        request.hold = try await take([place], request, client.abort).hold
        request.trail.mark(.reserve, at: context.clock.uptime())
    }

    /// Notes what the request's last line says of requests like it.
    func learn(from record: UsageRecord, _ request: RequestContext) {
        guard record.usageBasis == .provider, record.outcome == .ok, let deployment = request.deployment else { return }
        let (estimates, usage) = (context.services.estimates, record.usage)
        let answers = Int64(max(1, request.hints.answers))
        estimates.observe(key: record.key, model: deployment.id, output: Int64(usage.output) / answers)
        // How many of the tokens are those of pictures nobody tells, and in what passes nobody looks for any.
        if case .call = request.inbound.matter, let bytes = request.inbound.textSize, request.inbound.media.tokens == 0
        {
            estimates.observe(promptBytes: bytes, tokens: Int64(usage.input), model: deployment.id)
        }
    }

    /// Writes a line's share of what the request has used, and gives back what was held when it is the last.
    func settle(_ record: UsageRecord, _ request: RequestContext) {
        // What was taken from the limits of a provider may have ended with the line, too.
        defer { context.serveTurnsSoon() }
        // Of a session's answers this was done as they ended.
        if request.isSession, !record.isFinal { return }
        guard record.isFinal || request.used.isOver else { return request.used.add(record) }
        guard !request.used.isOver else {
            // An attempt that was overtaken, and ended after the request.
            request.meters?.add(tokens: Int64(clamping: record.usage.total), charge: record.charge ?? .zero)
            return
        }
        request.used.add(record)
        request.used.isOver = true
        let used = request.used
        if let hold = request.hold {
            used.isUnknown
                ? hold.settle(atLeast: used.claim) : hold.settle(tokens: used.tokens, charge: used.charge)
            request.hold = nil
        } else {
            request.meters?.add(tokens: used.tokens, charge: used.charge)
        }
    }
}
