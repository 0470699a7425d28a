import SiraCore
import SiraJSON
import SiraPricing
import SiraStorage
import SiraTenancy

/// All that is kept of one request.
struct RequestDetailEndpoint: Sendable {
    let source: ReportSource

    var endpoint: Endpoint {
        Endpoint(
            .get,
            "/requests/{id}",
            name: "get_request",
            tag: "requests",
            "Tell all of a request",
            access: .holder(RequestQuestion.permission),
            answer: .object([
                ("request", ReportSchemas.loose("The request, as lists have it.")),
                ("attempts", .list(ReportSchemas.loose("What was asked of a provider, in its order."))),
                ("corrections", .list(ReportSchemas.loose("What was put right later."))),
                ("decision", JSONSchema.anything.described("Why it went where it went; null where that is not kept.")),
                ("stages", .list(ReportSchemas.loose("What took how long, in milliseconds from the arrival."))),
                ("cost", .list(ReportSchemas.loose("What was billed, unit by unit."))),
                ("feedback", .list(ReportSchemas.loose("What was thought of the answer."))),
                ("bodies", ReportSchemas.loose("Whether what was asked and answered is kept.")),
            ])
        ) { request in
            EndpointReply(try await answer(request))
        }.with {
            $0.details = "One that has just ended is waited for until it is booked."
        }
    }

    private func answer(_ request: EndpointRequest) async throws -> [UInt8] {
        let missing = EndpointError(404, "not_found", "There is no request \(request.id.prefix(40)).")
        guard let id = RequestID(request.id) else { throw missing }
        let lines = try await lines(of: id)
        let reach = RequestReach(of: request.author, RequestQuestion.permission)
        let counted = lines.last { $0.isFinal && !$0.isCorrection } ?? lines.last { !$0.isCorrection }
        guard let record = counted, reach.includes(record) else { throw missing }
        let entry = RequestEntry(record, lines: lines)
        let decision = try await source.decision(id)
        let feedback = try await source.feedback.feedback(on: id)
        let names = try await source.keyNames(of: [record.key])
        var json = JSONWriter(capacity: 8_192)
        json.object { json in
            json.object("request") { entry.write(to: &$0, keyName: names[record.key]) }
            json.array("attempts") { list in
                for line in lines where !line.isCorrection && line.attempt > 0 {
                    list.object { line.writeAttempt(to: &$0) }
                }
            }
            json.array("corrections") { list in
                for line in lines where line.isCorrection { list.object { line.write(to: &$0) } }
            }
            json.key("decision")
            if let decision { json.element(RawJSON(bytes: decision.json)) } else { json.null() }
            json.array("stages") { list in for stage in record.stages { list.object { stage.write(to: &$0) } } }
            json.array("cost") { list in for line in lines { writeCost(of: line, to: &list) } }
            json.array("feedback") { list in for said in feedback { list.object { said.write(to: &$0) } } }
            json.object("bodies") {
                $0.member("kept", false)
                $0.member("reason", "What was asked and answered is not kept.")
            }
        }
        return json.bytes
    }

    /// The lines of a request; those of one that has just come may still be on their way into the database.
    private func lines(of id: RequestID) async throws -> [UsageRecord] {
        let arrived = Timestamp(microseconds: Int64(id.high >> 16) * 1_000)
        let isNew = arrived.advanced(by: .seconds(30)) > source.clock.now()
        for _ in 0..<(isNew ? 30 : 0) {
            let lines = try await source.usage.records(of: id)
            if lines.contains(where: \.isFinal) { return lines }
            try await Task.sleep(for: .milliseconds(50))
        }
        return try await source.usage.records(of: id)
    }

    /// How the cost of a line comes about, where today's prices give what was booked.
    private func writeCost(of line: UsageRecord, to list: inout JSONWriter) {
        guard let cost = line.cost, cost != .zero || line.attempt > 0 else { return }
        let tariff = PriceBook(source.catalog()).tariff(provider: line.provider, model: line.model)
        let breakdown = line.isCorrection ? nil : tariff?.breakdown(of: line.usage, at: line.startedAt)
        guard let breakdown, breakdown.total == cost, !breakdown.lines.isEmpty else {
            return list.object {
                $0.member("attempt", line.attempt)
                $0.member("kind", line.isCorrection ? "correction" : "booked")
                $0.null("units")
                $0.null("price")
                $0.member("amount_nano", String(cost.nanos))
            }
        }
        for part in breakdown.lines {
            list.object {
                $0.member("attempt", line.attempt)
                $0.member("kind", part.unit.rawValue)
                $0.member("units", part.count)
                $0.member("price", known: part.pricePerMillion.map { NanoUSD(nanos: $0).description })
                $0.member("amount_nano", known: part.amount.map { String($0.nanos) })
            }
        }
    }
}

extension UsageRecord {
    /// Writes an attempt as members of an object; times in milliseconds from the request's arrival.
    fileprivate func writeAttempt(to json: inout JSONWriter) {
        json.member("attempt", attempt)
        json.member("final", isFinal)
        json.member("deployment", known: deployment)
        json.member("provider", known: provider)
        json.member("model", known: model)
        json.member("started_ms", known: attemptStart)
        json.member("ttft_ms", known: isFinal ? timeToFirstToken : nil)
        json.member("ended_ms", milliseconds(duration))
        json.member("latency_ms", known: attemptStart.map { duration - $0 })
        json.member("status", status)
        json.member("outcome", outcome.label)
        json.member("error", known: errorCode)
        json.member("basis", usageBasis.label)
        json.member("input_tokens", usage.input)
        json.member("output_tokens", usage.output)
        json.member("cached_tokens", usage.cacheRead)
        json.member("reasoning_tokens", usage.reasoning)
        json.member("cost_nano", known: cost.map { String($0.nanos) })
        json.member("charge_nano", known: charge.map { String($0.nanos) })
        json.member("charged", cost.map { $0 != .zero } ?? false)
    }

    /// What the request's time went into, in order.
    fileprivate var stages: [RequestStage] {
        var stages: [RequestStage] = []
        let start = min(attemptStart ?? queueTime, duration)
        let gateway = max(0, start - queueTime)
        stages.append(RequestStage(name: "gateway", start: 0, end: gateway))
        if queueTime > 0 { stages.append(RequestStage(name: "queue", start: gateway, end: start)) }
        guard attempt > 0 else {
            stages.append(RequestStage(name: "answer", start: start, end: duration))
            return stages
        }
        guard let first = timeToFirstToken, (start...duration).contains(first) else {
            stages.append(RequestStage(name: "provider", start: start, end: duration))
            return stages
        }
        stages.append(RequestStage(name: "provider", start: start, end: first))
        stages.append(RequestStage(name: isStream ? "stream" : "answer", start: first, end: duration))
        return stages
    }
}

/// A part of a request's time, in microseconds from its arrival.
private struct RequestStage {
    var name: String
    var start: Int64
    var end: Int64

    func write(to json: inout JSONWriter) {
        json.member("name", name)
        json.member("start_ms", milliseconds(start))
        json.member("duration_ms", milliseconds(end - start))
    }
}

extension JSONWriter {
    /// Milliseconds; null where they are not known.
    fileprivate mutating func member(_ key: StaticString, known microseconds: Int64?) {
        if let microseconds { member(key, milliseconds(microseconds)) } else { null(key) }
    }
}
