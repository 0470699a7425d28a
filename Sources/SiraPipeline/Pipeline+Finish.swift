import SiraLimits
import Logging
import NIOCore
import SiraCore
import SiraHealth
import SiraRouting
import SiraStorage
import SiraTelemetry
import SiraWire

extension Pipeline {
    /// Delivers the answer, settles it, and lets its last bytes go.
    ///
    /// In this order, whatever happens: the client sees the end of its answer only after the ledger's line has been
    /// handed to the operating system (``LaneContext/flushAtEndOfTurn(_:)``).
    nonisolated(nonsending) func finish(
        _ first: Answer,
        _ admission: Admission,
        _ request: RequestContext,
        _ client: any ClientStream
    ) async {
        var answer = first
        let isWhole = answer.shape == .whole
        if !isWhole {
            // Who has told how long the prompt is will not need it counted.
            let isCounted = answer.course.reported.map { !$0.lacksInput } ?? false
            if request.snapshot.policy.loggedBodyBytes == nil { request.letGoOfBody(isCounted: isCounted) }
            client.sendHead(status: answer.upstream.status, headers: streamFields(answer, request), bodyLength: nil)
            context.metrics.streamOpened()
        }
        var ending = await answer.deliver(to: client)
        while let error = ending.error, let next = await continuation(of: answer, error, request, client) {
            answer = next
            ending = await next.deliver(to: client)
        }
        client.abort.disarm()
        let record = settle(answer, ending.error, request)
        logBodies(answer, request)
        remember(ending, request)
        if isWhole {
            request.attempt?.dropped += answer.course.dropped
            var fields = answerFields(answer, request)
            fields.append("x-sira-cost-usd", record.charge?.description ?? "unknown")
            client.sendHead(status: answer.upstream.status, headers: fields, bodyLength: ending.bytes.readableBytes)
            client.sendBody(ending.bytes)
            client.sendEnd()
        } else {
            context.metrics.streamClosed()
            endStream(answer, ending, record, request, client)
        }
        context.flushAtEndOfTurn(client)
    }

    /// Writes the line of the ledger and tells the metrics and the log.
    private func settle(_ answer: Answer, _ error: GatewayError?, _ request: RequestContext) -> UsageRecord {
        let now = context.clock.uptime()
        request.trail.mark(.finish, at: now)
        // Of an answer that was gone on with the client saw the beginning.
        request.firstContent = request.firstContent ?? answer.firstContent
        var record = request.record(of: request.attempt, now: now)
        if answer.shape != .whole {
            // A stream's time is its provider's: between two pieces there is nothing to do for the gateway.
            record.upstreamTime += microseconds(now &- request.committed)
        }
        record.status = answer.upstream.status
        if let error {
            record.outcome = Outcome(error.code)
            record.errorCode = error.code.rawValue
            logDetail(of: error, request)
        }
        // Of a refusal that is passed on as it is.
        let refusal =
            answer.upstream.status >= 400 ? GatewayError.refusal(status: answer.upstream.status, saying: "") : nil
        if error == nil, let refusal {
            record.outcome = Outcome(refusal.code)
            record.errorCode = refusal.code.rawValue
        }
        var consumption = Consumption.nothing
        if refusal == nil {
            consumption = answer.consumption(
                error,
                asked: promptTokens(request, request.deployment),
                said: answerTokens(answer, request)
            )
        }
        if answer.course.reported == nil, request.isFreeByItself { consumption = Consumption(ofComplete: .free) }
        request.price(&record, consumption, prices: request.deployment?.prices)
        request.attempt?.settleSupply(record)
        learn(from: record, request)
        if let attempt = request.attempt {
            attempt.judge(error ?? refusal, record, firstContent: answer.firstContent, at: now, context.metrics)
            request.note(attempt, error?.code ?? refusal?.code, firstContent: answer.firstContent, at: now)
        }
        if let route = request.decision?.route, let cost = record.cost {
            context.services.memory.loads.note(cost, route: route, at: now)
        }
        context.health.hedges.deposit(cost: record.cost?.nanos, at: now)
        report(record, error?.code ?? refusal?.code, request)
        return record
    }

    /// Logs what was asked and answered, if the operator has opted in to that.
    private func logBodies(_ answer: Answer, _ request: RequestContext) {
        guard let limit = request.snapshot.policy.loggedBodyBytes else { return }
        context.services.logger.info(
            "bodies",
            metadata: [
                "request": "\(request.id)",
                "asked": "\(String(decoding: request.inbound.body.readableBytesView.prefix(limit), as: UTF8.self))",
                "answered": "\(String(buffer: answer.transcript))",
            ]
        )
    }

    // MARK: the answer's head and end

    private func answerFields(_ answer: Answer, _ request: RequestContext) -> HeaderFields {
        var fields = request.commonFields
        let isTranslated = !(request.attempt?.isSpoken ?? true)
        let type = isTranslated ? nil : answer.upstream.headers["content-type"]
        fields.append("content-type", type ?? "application/json")
        tell(answer, request, in: &fields)
        return fields
    }

    /// What the provider tells of the answer, and what is left of the client's own limits in place of the operator's.
    private func tell(_ answer: Answer, _ request: RequestContext, in fields: inout HeaderFields) {
        let own = limitFields(request)
        for (name, value) in answer.upstream.headers where name.isTelling {
            if own.isEmpty || !name.lowercased().hasPrefix("x-ratelimit-") { fields.append(name, value) }
        }
        for (name, value) in own { fields.append(name, value) }
    }

    /// What is left of the limits of the request's tenants; empty where there are none.
    func limitFields(_ request: RequestContext) -> [(name: String, value: String)] {
        guard let meters = request.meters, !meters.meters.isEmpty else { return [] }
        return meters.status(uptime: context.clock.uptime()).fields
    }

    private func streamFields(_ answer: Answer, _ request: RequestContext) -> HeaderFields {
        guard answer.shape == .events else { return passingFields(answer, request) }
        var fields = request.commonFields
        fields.append("content-type", request.clientDialect.framing.mediaType)
        fields.append("cache-control", "no-cache")
        fields.append("x-accel-buffering", "no")  // proxies of the nginx family would hold the events back
        tell(answer, request, in: &fields)
        return fields
    }

    /// The head of an answer that goes to the client as it is.
    private func passingFields(_ answer: Answer, _ request: RequestContext) -> HeaderFields {
        var fields = request.commonFields
        let isPassage = if case .passage = request.inbound.matter { true } else { false }
        for (name, value) in answer.upstream.headers
        where name.describesContent || name.isTelling || (isPassage && name.mayPass) {
            fields.append(name, value)
        }
        return fields
    }

    private func endStream(
        _ answer: Answer,
        _ ending: Ending,
        _ record: UsageRecord,
        _ request: RequestContext,
        _ client: any ClientStream
    ) {
        guard answer.shape == .events else {
            // In the middle of bytes there is no place for a word about what has gone wrong.
            return ending.error == nil ? client.sendEnd() : client.breakOff()
        }
        var last = ByteBuffer()
        if request.clientDialect.takesComments { last.writeString(comments(answer, record, request)) }
        if let error = ending.error, ending.bytes.readableBytes == 0 {
            last.writeBytes(request.clientDialect.errorEvent(error, request: request.id))
        } else {
            last.writeImmutableBuffer(ending.bytes)
        }
        client.sendBody(last)
        client.sendEnd()
    }

    /// What a stream tells at its end beside the answer.
    private func comments(_ answer: Answer, _ record: UsageRecord, _ request: RequestContext) -> String {
        var lines = ""
        if request.continuations > 0 { lines += ": x-sira-continued: \(request.continuations)\n\n" }
        let dropped = answer.course.dropped
        if !dropped.isEmpty { lines += ": x-sira-dropped: \(DroppedFields.headerValue(dropped))\n\n" }
        if request.snapshot.policy.sendsCostComment, request.inbound.headers["x-sira-cost-comment"] != "off" {
            lines += ": x-sira-cost-usd: \(record.charge?.description ?? "unknown")\n\n"
        }
        return lines
    }
}

extension String {
    /// Whether a header field of this name says how to read the body.
    fileprivate var describesContent: Bool {
        ["content-type", "content-disposition", "content-encoding", "content-language"].contains(lowercased())
    }

    /// Whether a header field of a provider's answer may pass to a client who asks the provider for what it likes: what
    /// is neither about the connection, nor about the provider's site as a browser sees it, nor in our own name.
    fileprivate var mayPass: Bool {
        let name = lowercased()
        let isOurs = ["access-control-", "x-sira-", "sec-", "cf-", "proxy-", "x-accel-", "x-sendfile"].contains {
            name.hasPrefix($0)
        }
        return !isOurs && !Self.ofConnection.contains(name)
    }

    private static let ofConnection: Set<String> = [
        "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "content-length", "content-type",
        "content-disposition", "content-encoding", "content-language", "set-cookie", "server", "date", "via", "alt-svc",
        "strict-transport-security", "www-authenticate", "report-to", "nel", "vary", "x-request-id", "request-id",
    ]

    /// Whether a provider's header field of this name tells the client something that is its business.
    fileprivate var isTelling: Bool {
        switch utf8.first.map({ $0 | 0x20 }) {
        case UInt8(ascii: "o"), UInt8(ascii: "a"), UInt8(ascii: "x"), UInt8(ascii: "r"):
            let name = lowercased()
            return name.hasPrefix("openai-") || name.hasPrefix("anthropic-ratelimit-") || name.hasPrefix("x-ratelimit-")
                || name == "x-request-id" || name == "request-id"
        default:
            return false
        }
    }
}
