import SiraLimits
import NIOCore
package import SiraCore
import SiraLedger
import SiraRouting
import SiraStorage
import SiraTelemetry
import SiraTenancy
package import SiraWire

extension Pipeline {
    /// Answers with the error, in the caller's protocol, and books the request if it was let in.
    func refuse(_ error: GatewayError, _ request: RequestContext, _ client: any ClientStream) {
        client.abort.disarm()
        request.trail.mark(.finish, at: context.clock.uptime())
        var record = request.record(of: request.attempt, now: context.clock.uptime())
        // Of another attempt than the one that failed last, it would not fit the error.
        let refusal = error.code == .upstreamRejected ? request.attempt?.refusal : nil
        record.status = refusal?.status ?? error.status
        record.outcome = Outcome(error.code)
        record.errorCode = error.code.rawValue
        if let attempt = request.attempt, request.attempts > 0 {
            // Each line has its own number, also that of the end when the last provider could not be asked.
            if attempt.isBooked { record.attempt = request.attempts + 1 }
            let consumption = attempt.isBooked ? .nothing : attempt.consumption
            request.price(&record, consumption, prices: attempt.deployment.prices)
            if !attempt.isBooked { attempt.settleSupply(record) }
        } else if request.wasRouted {
            request.price(&record, .nothing, prices: nil)
        }
        report(record, error.code, request)
        guard !client.hasStarted else { return client.breakOff() }
        var fields = request.commonFields
        for (name, value) in limitFields(request) { fields.append(name, value) }
        if let refusal {
            fields.append("content-type", refusal.contentType)
            send(refusal.body, status: refusal.status, fields, error, to: client)
        } else {
            fields.append("content-type", "application/json")
            let body = ByteBuffer(bytes: request.errorDialect.errorBody(error, request: request.id))
            send(body, status: error.status, fields, error, to: client)
        }
    }

    /// Answers a request that could not be read as one, or that goes nowhere.
    package func refuseUnread(
        _ error: GatewayError,
        as name: WireProtocol,
        extra: [HeaderFields.Field],
        to client: any ClientStream
    ) {
        let id = RequestID(at: context.clock.now(), using: &context.random)
        var fields = HeaderFields(extra)
        fields.append("x-sira-request-id", id.description)
        fields.append("content-type", "application/json")
        let body = ByteBuffer(bytes: context.snapshot.dialects[name].errorBody(error, request: id))
        send(body, status: error.status, fields, error, to: client)
    }

    private func send(
        _ body: ByteBuffer,
        status: Int,
        _ fields: HeaderFields,
        _ error: GatewayError,
        to client: any ClientStream
    ) {
        var fields = fields
        if let seconds = error.retryAfter { fields.append("retry-after", String(seconds)) }
        client.sendHead(status: status, headers: fields, bodyLength: body.readableBytes)
        client.sendBody(body)
        client.sendEnd()
        context.flushAtEndOfTurn(client)
    }

    /// The one exit: whatever became of a request is told to the ledger, the metrics and the log here, once.
    func report(_ record: UsageRecord, _ code: ErrorCode?, _ request: RequestContext) {
        // Whoever was not let in may not fill the books.
        if request.isKnownCaller { context.enter(record) }
        settle(record, request)
        if record.isFinal {
            keepDecision(of: request)
            recordExperiment(record, request)
        }
        guard let slot = context.registry.operationSlot(record.operation) else { return }
        var finished = FinishedRequest(operation: slot)
        if let access = request.deployment?.access.name {
            finished.provider = context.registry.providerSlot(access)
        }
        finished.outcome = record.outcome
        finished.code = code
        finished.isStream = record.isStream
        finished.duration = record.duration
        finished.addedLatency = max(0, record.duration - record.upstreamTime)
        finished.timeToFirstToken = record.timeToFirstToken
        finished.usage = record.usage
        finished.cost = record.cost
        // The stages are those of the whole request.
        context.metrics.finished(finished, trail: record.isFinal ? request.trail : nil)
        guard context.services.access.writesAccess else { return }
        context.log(AccessEntry(record, finished, keyName: request.key?.name ?? "", code: code))
    }
}

extension AccessEntry {
    fileprivate init(_ record: UsageRecord, _ finished: FinishedRequest, keyName: String, code: ErrorCode?) {
        self.init(request: record.request)
        key = record.key
        self.keyName = keyName
        operation = record.operation
        requestedModel = record.requestedModel
        provider = record.provider
        model = record.model
        status = record.status
        outcome = record.outcome
        self.code = code
        attempts = record.attempt
        isStream = record.isStream
        duration = record.duration
        addedLatency = finished.addedLatency
        timeToFirstToken = record.timeToFirstToken
        usage = record.usage
        usageBasis = record.usageBasis
        cost = record.cost
    }
}
