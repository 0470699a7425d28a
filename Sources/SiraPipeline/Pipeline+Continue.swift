import NIOCore
import SiraCatalog
import SiraCore
import SiraHealth
import SiraRouting
import SiraTelemetry
import SiraWire

/// Going on with streams that broke off, where the operator has opted in to that.
extension Pipeline {
    /// How often one answer is gone on with.
    private static let continuationLimit = 2

    /// An answer that goes on where another broke off; nil where none can, so that the client has to be told.
    ///
    /// A deployment is asked the client's request with what came so far as the beginning of its own turn, and what it adds
    /// is written behind that. Only text can be gone on with, and only by models that take such a beginning.
    nonisolated(nonsending) func continuation(
        of answer: Answer,
        _ error: GatewayError,
        _ request: RequestContext,
        _ client: any ClientStream
    ) async -> Answer? {
        guard request.mayContinue, error.code.blame == .upstream, !client.abort.hasFired,
            request.continuations < Self.continuationLimit, let broken = request.attempt,
            let course = answer.course as? TranslatedAnswer, let said = course.said, !said.isEmpty,
            let plan = request.plan, var call = request.call
        else { return nil }
        call.turns.append(Turn(role: .assistant, parts: [Part(.text(said), path: "answer")], path: "answer"))
        let events = request.eventsSaid + answer.course.contentEvents
        if let limit = call.sampling.outputLimit { call.sampling.outputLimit = max(1, limit - events) }
        broken.consumption = answer.consumption(error, asked: promptTokens(request, broken.deployment))
        // What it took of its provider has an end, whoever goes on; the provider must not look full for its sake.
        endSupply(of: broken, request)
        let others = plan.candidates.filter { $0.deployment !== broken.deployment } + [broken.candidate]
        for candidate in others
        where candidate.deployment.goesOn(for: request) && !client.abort.hasFired
            && request.attempts < plan.resilience.retry.attempts && hasSupply(of: candidate, request)
        {
            guard let next = await goOn(with: course, call, at: candidate, plan, request, client) else { continue }
            // Only now is the broken attempt one of several.
            let now = context.clock.uptime()
            request.firstContent = request.firstContent ?? answer.firstContent
            broken.judge(error, at: now, context.metrics)
            request.note(broken, error.code, firstContent: answer.firstContent, at: now)
            book(error, of: broken, request)
            request.continuations += 1
            request.eventsSaid = events
            return next
        }
        request.attempt = broken
        return nil
    }

    private nonisolated(nonsending) func goOn(
        with course: TranslatedAnswer,
        _ call: Call,
        at candidate: Candidate,
        _ plan: Plan,
        _ request: RequestContext,
        _ client: any ClientStream
    ) async -> Answer? {
        let (now, retry, health) = (context.clock.uptime(), plan.resilience.retry, candidate.deployment.health)
        guard context.health.retries.withdraw(share: retry.budgetShare, floor: retry.budgetFloor, at: now) else {
            context.metrics.retryBudgetExhausted()
            return nil
        }
        let attempt = Attempt(candidate, .continuation, of: request, at: now)
        guard let provider = request.snapshot.dialects[attempt.wire].provider,
            let written = try? provider.writeCall(call, to: candidate.deployment.target, indexer: context.indexer),
            (try? note(written.dropped, attempt, request)) != nil,
            let begun = health.begin(at: now, tokens: (request.inbound.promptSize ?? 0) / 4)
        else { return nil }
        attempt.begun = begun
        attempt.takeSupply(nil, orOf: supply(of: candidate, request))
        attempt.continuing = (course, ByteBuffer(bytes: written.body))
        client.abort.onFire { attempt.abort.fire() }
        do throws(GatewayError) {
            let next = try await perform(attempt, request)
            attempt.noteFirstToken(next.firstContent)
            request.attempt = attempt
            return next
        } catch {
            attempt.judge(error, at: context.clock.uptime(), context.metrics)
            request.note(attempt, error.code, at: context.clock.uptime())
            logDetail(of: error, request)
            attempt.isSent ? book(error, of: attempt, request) : endSupply(of: attempt, request)
            return nil
        }
    }
}

extension Deployment {
    /// Whether the model goes on with a turn of its own that the request ends with.
    fileprivate func goesOn(for request: RequestContext) -> Bool {
        if model?.traits.refuses.contains(.prefill) ?? false { return false }
        switch wire(for: request.inbound.clientProtocol, request.inbound.operation) {
        case .anthropic, .bedrock, .ollama: return true
        case .openai: return quirks.continuesTurns
        case .responses, .gemini, .cohere: return false
        }
    }
}
