import SiraCatalog
import SiraCore
import SiraLedger
import SiraLimits
import SiraPricing
import SiraRouting
import SiraStorage
import SiraTelemetry
import SiraWire

/// Writes down what a session consumes, answer by answer.
///
/// Each answer of the model, and each thing done besides, is a line of the ledger as soon as it ends, and the session's
/// own line, the only final one, comes last. They share the request's name and are numbered as attempts are. So what
/// has been answered is booked, even where the process never sees the session's end. Limits and budgets learn of each
/// line as it is written.
final class SessionBooks {
    /// An answer that has begun.
    private struct Running {
        var startedAt: Timestamp
        var startedUptime: UInt64
        var firstContent: UInt64?
    }

    let request: RequestContext
    private let pipeline: Pipeline
    private var running: [Running] = []
    private var allowance: SessionAllowance
    private var isClosed = false
    /// More answers at once than any provider allows; beyond it, times are not told apart.
    private static let mostRunning = 64

    init(_ pipeline: Pipeline, _ request: RequestContext) {
        self.pipeline = pipeline
        self.request = request
        request.isSession = true
        allowance = SessionAllowance(tenants: request.hold, supply: request.attempt?.supply)
        pipeline.context.metrics.streamOpened()
    }

    var context: LaneContext { pipeline.context }

    /// Whether an answer is under way.
    var isAnswering: Bool { !running.isEmpty }

    /// An answer has begun.
    ///
    /// - Returns: why the session cannot go on, where limits and budgets have no room for it.
    func began() -> LimitRefusal? {
        guard note() else { return nil }
        return allowance.cover(running.count, expected)
    }

    private func note() -> Bool {
        guard running.count < Self.mostRunning else { return false }
        context.metrics.requestStarted()
        running.append(Running(startedAt: context.clock.now(), startedUptime: context.clock.uptime()))
        return true
    }

    /// A part of an answer has come.
    func content() {
        guard let index = running.firstIndex(where: { $0.firstContent == nil }) else { return }
        running[index].firstContent = context.clock.uptime()
    }

    /// An answer has ended.
    ///
    /// - Returns: why the session cannot go on, where limits and budgets have no room for another one.
    func ended(_ use: SessionUse) -> LimitRefusal? {
        if running.isEmpty { _ = note() }
        return enter(use, running.removeFirst(), isAnswer: true)
    }

    /// Something was done besides the answers.
    ///
    /// - Returns: why the session cannot go on, where limits and budgets have no room for more.
    func aside(_ use: SessionUse) -> LimitRefusal? {
        context.metrics.requestStarted()
        let it = Running(startedAt: context.clock.now(), startedUptime: context.clock.uptime())
        return enter(use, it, isAnswer: false)
    }

    /// What the next answer is expected to need.
    private var expected: Expectation {
        request.deployment.map { pipeline.expectation(of: $0, request) } ?? Expectation()
    }

    private func enter(_ use: SessionUse, _ answer: Running, isAnswer: Bool) -> LimitRefusal? {
        var record = record(of: answer)
        if let failure = use.failure { record.fail(failure) }
        var prices = request.deployment?.prices
        if let model = use.model, let deployment = request.deployment {
            let known = request.snapshot.directory.catalog.model(provider: deployment.provider.id, name: model)
            record.model = model
            record.isModelListed = known?.id == model
            prices = known?.prices
        }
        request.price(&record, use.reported.map(Consumption.init(ofComplete:)) ?? .unknown, prices: prices)
        if isAnswer, use.failure == nil { learn(from: record) }
        return enter(record, use.failure?.code, isAnswer: isAnswer)
    }

    /// Notes how long answers to the key are.
    private func learn(from record: UsageRecord) {
        guard record.usageBasis == .provider, let deployment = request.deployment else { return }
        let output = Int64(record.usage.output)
        context.services.estimates.observe(key: record.key, model: deployment.id, output: output)
    }

    /// The line of an answer, as far as it does not depend on what was answered.
    private func record(of answer: Running) -> UsageRecord {
        let now = context.clock.uptime()
        var record = request.record(of: request.attempt, now: now)
        record.isFinal = false
        record.status = UsageRecord.sessionStatus
        record.startedAt = answer.startedAt
        record.attemptStart = 0
        record.duration = microseconds(now &- answer.startedUptime)
        record.upstreamTime = record.duration
        record.timeToFirstToken = answer.firstContent.map { microseconds($0 &- answer.startedUptime) }
        return record
    }

    private func enter(_ record: UsageRecord, _ code: ErrorCode?, isAnswer: Bool) -> LimitRefusal? {
        // Each answer that runs, or the one that may come next.
        let answers = isClosed ? 0 : max(1, running.count)
        let refusal = allowance.settle(record, isAnswer: isAnswer, answers: answers, expected)
        if let place = request.attempt?.uncounted {
            // What nobody knows is as much as was expected.
            let isUnknown = isAnswer && record.cost == nil
            place.meters.add(
                tokens: isUnknown ? place.claim.tokens : Int64(clamping: record.usage.total),
                charge: record.cost ?? (isUnknown ? place.claim.charge : nil) ?? .zero
            )
        }
        pipeline.report(record, code, request)
        // Each line has its own number.
        request.attempts += 1
        request.attempt?.number = request.attempts
        return refusal
    }

    /// Ends the session: what is still running has an unknown cost, and the session itself has none.
    ///
    /// - Parameter error: nil when it ended in order.
    func close(_ error: GatewayError?) {
        guard !isClosed else { return }
        isClosed = true
        for answer in running {
            var record = record(of: answer)
            let failure = error ?? GatewayError(.clientClosed, "The client left before the answer was complete.")
            record.fail(failure)
            request.price(&record, .unknown, prices: nil)
            _ = enter(record, failure.code, isAnswer: true)
        }
        running = []
        let now = context.clock.uptime()
        request.trail.mark(.finish, at: now)
        var record = request.record(of: request.attempt, now: now)
        record.status = UsageRecord.sessionStatus
        record.upstreamTime += microseconds(now &- request.committed)
        if let error {
            record.fail(error)
            pipeline.logDetail(of: error, request)
        }
        // All that was consumed stands in the lines of the answers.
        record.usageBasis = .provider
        (record.cost, record.charge) = (.zero, .zero)
        context.metrics.streamClosed()
        request.attempt?.settleSupply(record)
        pipeline.report(record, error?.code, request)
    }
}

extension UsageRecord {
    fileprivate mutating func fail(_ error: GatewayError) {
        outcome = Outcome(error.code)
        errorCode = error.code.rawValue
    }
}
