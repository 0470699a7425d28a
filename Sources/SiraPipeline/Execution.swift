import SiraLimits
import SiraCore
import SiraHealth
import SiraRouting
import SiraTelemetry
import SiraWire

/// The attempts of one request, up to the first content of an answer.
///
/// ``AttemptPlanner`` decides what is asked; this does it. Usually one attempt runs at a time; where the plan says so,
/// several do, and the first that begins to answer counts.
final class Execution {
    /// How a round of attempts ended.
    private enum Outcome {
        case answered(Attempt, Answer)
        case failed(Running, GatewayError)
    }

    /// An attempt and its candidate's place in the planner.
    private struct Running {
        let attempt: Attempt
        let index: Int
    }

    let pipeline: Pipeline
    private let plan: Plan
    let request: RequestContext
    private let abort: AbortSignal
    /// What was taken from the limits of candidates that have not been asked yet.
    private var held: [Int: Hold] = [:]
    private var planner: AttemptPlanner
    private var running: [Running] = []
    /// What has come of attempts that run beside one another, and nobody has looked at yet.
    private var news: [Outcome] = []
    private var waiter: UnsafeContinuation<Void, Never>?
    /// Whether an answer has been chosen, so that others have lost.
    private var isDecided = false
    /// What became of the attempts that failed, for the last word on them.
    private var failures: [String] = []
    /// Those that were not asked because they are too dear.
    var tooDear: [String] = []

    var context: LaneContext { pipeline.context }

    init(_ pipeline: Pipeline, _ plan: Plan, _ request: RequestContext, _ client: any ClientStream) {
        self.pipeline = pipeline
        self.plan = plan
        self.request = request
        abort = client.abort
        planner = AttemptPlanner(plan)
    }

    /// Makes attempts until one is answered.
    ///
    /// - Throws: why none was.
    nonisolated(nonsending) func run() async throws(GatewayError) -> Answer {
        let start = try await start()
        context.health.retries.deposit(at: context.clock.uptime())
        var (index, kind) = (start, Attempt.Kind.first)
        while true {
            let began = context.clock.uptime()
            let outcome = isContest ? await contest(index, kind) : await alone(index, kind)
            request.upstreamTime += context.clock.uptime() &- began
            switch outcome {
            case .answered(let attempt, let answer):
                if request.isStream { attempt.noteFirstToken(answer.firstContent) }
                request.attempt = attempt
                request.committed = context.clock.uptime()
                request.trail.mark(.execute, at: request.committed)
                return answer
            case .failed(let failed, let error):
                (index, kind) = try await follow(failed, error)
            }
        }
    }

    /// The candidate that is asked first, once its provider and model have room.
    private nonisolated(nonsending) func start() async throws(GatewayError) -> Int {
        var refusal: LimitRefusal?
        while let first = planner.first(isAvailable: isAvailable) {
            let index = try await turn(for: first)
            guard let reason = reserve(for: planner.candidates[index], .first) else { return index }
            refusal = refusal ?? reason
            held.removeValue(forKey: index)?.release()
            planner.ruleOut(index)
        }
        throw refusal.map { request.told($0, at: pipeline.context.clock.now()) }
            ?? GatewayError(.modelNotFound, "There is no provider for this model.", field: "model")
    }

    /// Whether several attempts may run at once: not of a body that goes by, which can be given to one alone.
    private var isContest: Bool { plan.isContest && request.isHeld && request.isRepeatable }

    // MARK: one at a time

    private nonisolated(nonsending) func alone(_ index: Int, _ kind: Attempt.Kind) async -> Outcome {
        let attempt = begin(index, kind)
        let timer = limit(attempt)
        abort.onFire { attempt.abort.fire() }
        let result = await result(of: attempt)
        timer?()
        switch result {
        case .success(let answer): return .answered(attempt, answer)
        case .failure(let error):
            end(attempt, error)
            return .failed(Running(attempt: attempt, index: index), error)
        }
    }

    private nonisolated(nonsending) func result(of attempt: Attempt) async -> Result<Answer, GatewayError> {
        do throws(GatewayError) {
            let answer = try await pipeline.perform(attempt, request)
            // Given up in the very turn in which it began to answer: its answer is cut off already.
            guard attempt.withdrawal == nil else {
                answer.upstream.cancel()
                let error = GatewayError(.clientClosed, "The attempt was given up as it began to answer.")
                attempt.consumption = answer.consumption(
                    error,
                    asked: pipeline.promptTokens(request, attempt.deployment)
                )
                return .failure(attempt.withdrawal?.error(attempt.deployment, error) ?? error)
            }
            return .success(answer)
        } catch {
            return .failure(error)
        }
    }

    // MARK: several at once

    /// Asks several deployments at once, or a second one when the first is slow.
    private nonisolated(nonsending) func contest(_ index: Int, _ kind: Attempt.Kind) async -> Outcome {
        abort.onFire { [weak self] in self?.abortAll() }
        launch(index, kind)
        while !abort.hasFired, running.count < plan.resilience.parallel,
            let other = planner.beside(isAvailable: { hasRoom($0) && reserve(for: $0, .race) == nil })
        {
            launch(other, .race)
        }
        let timer = hedgeTimer()
        defer { timer?() }
        while true {
            if news.isEmpty { await withUnsafeContinuation { waiter = $0 } }
            let outcome = news.removeFirst()
            switch outcome {
            case .answered(let winner, _):
                isDecided = true
                for loser in running where loser.attempt !== winner {
                    // Before it has ended: the winner's answer may be over by then, and the record with it.
                    request.note(loser.attempt, .clientClosed, at: context.clock.uptime())
                    loser.attempt.withdraw(.lost)
                }
                // Those who lose in this very moment are told of afterwards.
                abort.onFire { winner.abort.fire() }
                return outcome
            case .failed(let failed, let error):
                // As long as another one runs, nothing is lost.
                guard !running.isEmpty || !news.isEmpty else { return outcome }
                planner.noteFailed(error, of: failed.index, wasSent: failed.attempt.isSent)
                conclude(failed.attempt, error)
            }
        }
    }

    /// Begins an attempt that runs by itself.
    private func launch(_ index: Int, _ kind: Attempt.Kind) {
        let attempt = begin(index, kind)
        let timer = limit(attempt)
        running.append(Running(attempt: attempt, index: index))
        if abort.hasFired { attempt.abort.fire() }
        context.scheduler.spawn { [self] in
            let result = await result(of: attempt)
            timer?()
            running.removeAll { $0.attempt === attempt }
            switch result {
            case .success(let answer): arrived(attempt, answer)
            case .failure(let error):
                end(attempt, error)
                if isDecided { return conclude(attempt, error) }
                tell(.failed(Running(attempt: attempt, index: index), error))
            }
        }
    }

    private func arrived(_ attempt: Attempt, _ answer: Answer) {
        guard isDecided else { return tell(.answered(attempt, answer)) }
        // Too late, by less than a turn of the loop.
        answer.upstream.cancel()
        let error = GatewayError(.clientClosed, "Another attempt began to answer first.")
        attempt.consumption = answer.consumption(error, asked: pipeline.promptTokens(request, attempt.deployment))
        end(attempt, error)
        conclude(attempt, error)
    }

    private func tell(_ outcome: Outcome) {
        if case .answered = outcome { isDecided = true }
        news.append(outcome)
        let waiter = waiter
        self.waiter = nil
        waiter?.resume()
    }

    private func abortAll() {
        for one in running { one.attempt.abort.fire() }
    }

    /// Asks another deployment too when the first has not begun to answer for as long as it usually takes.
    private func hedgeTimer() -> (() -> Void)? {
        guard let hedge = plan.resilience.hedge, let first = running.first else { return nil }
        guard let delay = hedge.delay ?? usualFirstToken(first.attempt.deployment) else { return nil }
        return context.scheduler.after(delay) { [weak self] in
            guard let self, !isDecided, !abort.hasFired, request.isRepeatable, running.count == 1,
                running[0].attempt === first.attempt,
                let other = planner.beside(isAvailable: hasRoom),
                pays(for: hedge, planner.candidates[other].deployment, beside: first.attempt.deployment),
                reserve(for: planner.candidates[other], .hedge) == nil
            else { return }
            launch(other, .hedge)
        }
    }

    // MARK: each attempt

    private func begin(_ index: Int, _ kind: Attempt.Kind) -> Attempt {
        planner.noteAsked(index)
        let (candidate, now) = (planner.candidates[index], context.clock.uptime())
        let attempt = Attempt(candidate, kind, of: request, at: now)
        attempt.begun = candidate.deployment.health.begin(
            at: now,
            tokens: tokens,
            preferring: pipeline.boundKey(of: attempt, request)
        )
        attempt.takeSupply(held.removeValue(forKey: index), orOf: pipeline.supply(of: candidate, request))
        if !isDecided { request.attempt = attempt }
        return attempt
    }

    /// Gives the attempt up when it has not begun to answer in time, as long as somebody else could be asked.
    private func limit(_ attempt: Attempt) -> (() -> Void)? {
        guard request.isHeld, let limit = firstTokenLimit(attempt.deployment),
            planner.hasOther(isAvailable: hasRoom)
        else { return nil }
        return context.scheduler.after(limit) { [weak self] in
            guard let self, request.isRepeatable, planner.hasOther(isAvailable: hasRoom) else { return }
            attempt.withdraw(.late(limit))
        }
    }

    private func firstTokenLimit(_ deployment: Deployment) -> Duration? {
        let policy = plan.resilience.firstToken
        switch policy.limit {
        case .none: return nil
        case .fixed(let limit): return limit
        case .adaptive(let factor):
            guard request.isStream else { return nil }
            let usual = usualFirstToken(deployment)
            return usual.map { min(policy.longest, max(policy.shortest, $0 * factor)) } ?? policy.longest
        }
    }

    /// The time to the first token that one in twenty exceeds; nil where it is not known.
    ///
    /// Of an answer that comes whole the first token is the last, and how long that takes depends on its length.
    private func usualFirstToken(_ deployment: Deployment) -> Duration? {
        guard request.isStream else { return nil }
        let standing = deployment.health.standing(at: context.clock.uptime())
        return standing.firstTokenP95.map { .microseconds(Int64(clamping: $0)) }
    }

    // MARK: limits of providers and models

    /// Waits until a candidate's provider and model have room for the request, and keeps what was taken for it.
    private nonisolated(nonsending) func turn(for first: Int) async throws(GatewayError) -> Int {
        let candidates = planner.candidates
        let mayAsk = { [self] in !planner.isRuledOut($0) && isAvailable(candidates[$0]) }
        let turn = try await pipeline.turn(for: first, of: candidates, mayAsk: mayAsk, request, abort)
        held[turn.index] = turn.hold
        return turn.index
    }

    /// Whether a candidate can be asked now, and its provider and model have room for the request.
    private func hasRoom(_ candidate: Candidate) -> Bool {
        isAvailable(candidate) && pipeline.hasSupply(of: candidate, request)
    }

    private func isAvailable(_ candidate: Candidate) -> Bool {
        candidate.isAvailable(for: tokens, at: context.clock.uptime())
    }

    /// About what the request takes of a limit of tokens.
    private var tokens: Int { (request.inbound.promptSize ?? 0) / 4 }

    // MARK: failures

    /// Tells the deployment's health that the attempt has ended without an answer.
    private func end(_ attempt: Attempt, _ error: GatewayError) {
        pipeline.noteWhetherSent(error, attempt, request)
        attempt.judge(error, at: context.clock.uptime(), context.metrics)
        request.note(attempt, error.code, at: context.clock.uptime())
    }

    /// Books an attempt that failed while another one goes on.
    private func conclude(_ attempt: Attempt, _ error: GatewayError) {
        pipeline.logDetail(of: error, request)
        note(attempt, error)
        if attempt.isSent { pipeline.book(error, of: attempt, request) }
    }

    private func note(_ attempt: Attempt, _ error: GatewayError) {
        guard failures.count < 8 else { return }
        failures.append("\(attempt.deployment.id): \(error.code.rawValue)")
    }

    /// What is done after all that ran have failed.
    ///
    /// - Returns: the candidate that is asked next, once it is time.
    /// - Throws: the failure that the client is told.
    private nonisolated(nonsending) func follow(
        _ failed: Running,
        _ error: GatewayError
    ) async throws(GatewayError) -> (Int, Attempt.Kind) {
        let attempt = failed.attempt
        // Of several that ran, this one has failed last, and is the one that the client is told of.
        if attempt.isSent { request.attempt = attempt }
        pipeline.logDetail(of: error, request)
        guard request.isRepeatable, !abort.hasFired else { throw told(error) }
        // Its own place must not make the provider look full.
        pipeline.endSupply(of: attempt, request)
        let (health, retry, now) = (context.health, plan.resilience.retry, context.clock.uptime())
        let surroundings = AttemptPlanner.Surroundings(
            isAvailable: hasRoom,
            withdraw: { [metrics = context.metrics] in
                let isGranted = health.retries.withdraw(share: retry.budgetShare, floor: retry.budgetFloor, at: now)
                if !isGranted { metrics.retryBudgetExhausted() }
                return isGranted
            },
            elapsed: .nanoseconds(now &- request.trail.start)
        )
        var step = planner.next(
            after: error,
            of: failed.index,
            wasSent: attempt.isSent,
            surroundings,
            using: &context.random
        )
        let used = request.used.charge + pipeline.charge(of: attempt, request)
        while case .ask(let dear, _) = step,
            reserve(for: planner.candidates[dear], dear == failed.index ? .retry : .fallback, beyond: used) != nil
        {
            step = planner.next(
                insteadOf: dear,
                after: error,
                of: failed.index,
                surroundings,
                using: &context.random
            )
        }
        guard case .ask(let next, let wait) = step else { throw told(error) }
        // What nobody waits for is not made where there is no room for it.
        if request.isShadow, !pipeline.hasSupply(of: planner.candidates[next], request) { throw told(error) }
        note(attempt, error)
        if attempt.isSent { pipeline.book(error, of: attempt, request) }
        if wait > .zero {
            await context.scheduler.sleep(wait, unless: abort)
            guard !abort.hasFired else { throw told(.clientLeft) }
        }
        return (next, next == failed.index ? .retry : .fallback)
    }

    /// The failure as the client is told, with what was tried before.
    private func told(_ error: GatewayError) -> GatewayError {
        guard error.code != .clientClosed, error.code != .upstreamRejected else { return error }
        var error = error
        if !failures.isEmpty { error.message += " Tried before: \(failures.joined(separator: ", "))." }
        if !tooDear.isEmpty {
            error.message += " Not asked, since that may cost more than is left: \(tooDear.joined(separator: ", "))."
        }
        return error
    }
}

extension Plan {
    /// Whether several attempts may run at once.
    fileprivate var isContest: Bool { candidates.count > 1 && (resilience.parallel > 1 || resilience.hedge != nil) }
}

extension GatewayError {
    /// The client has gone away.
    static var clientLeft: GatewayError {
        GatewayError(.clientClosed, "The client closed the connection before the answer was complete.")
    }
}
