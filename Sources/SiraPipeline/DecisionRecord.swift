import SiraCore
import SiraHealth
import SiraJSON
import SiraLedger
import SiraRouting
import SiraTelemetry
import SiraTenancy

/// Why a request went where it went, and what was tried: the record that is kept of it.
struct DecisionRecord: DecisionDocument {
    let decision: Decision
    /// The attempts in the order in which they ended.
    let attempts: [AttemptNote]

    /// Whether it says no more than the ledger's line does: there was one place, which was asked once and answered.
    var isPlain: Bool { decision.isPlain && attempts.count < 2 && attempts.allSatisfy { $0.code == nil } }

    var size: Int { 1_024 + 256 * (attempts.count + decision.weight) }

    func json() -> [UInt8] {
        var json = JSONWriter(capacity: 2_048)
        json.object { writeMembers(to: &$0) }
        return json.bytes
    }

    /// Writes the members of the record's object.
    func writeMembers(to json: inout JSONWriter) {
        decision.writeMembers(to: &json)
        json.array("attempts") { list in
            for attempt in attempts { list.object { attempt.write(to: &$0) } }
        }
    }
}

/// What became of one attempt.
struct AttemptNote: Sendable {
    /// The ledger's number of it; 0 where nothing was sent.
    let number: Int
    let kind: Attempt.Kind
    let deployment: String
    /// From the request's arrival, in microseconds.
    let started: Int64
    /// In microseconds.
    let duration: Int64
    /// From its beginning to the first content, in microseconds; nil where none came.
    let firstToken: Int64?
    /// Which of the access's keys was shown; nil where it has one or none.
    let key: Int?
    /// Nil where it was answered.
    let code: ErrorCode?

    fileprivate func write(to json: inout JSONWriter) {
        json.member("attempt", number)
        json.member("kind", kind.rawValue)
        json.member("deployment", deployment)
        json.member("outcome", code?.rawValue ?? "ok")
        json.member("started_us", Int(started))
        json.member("duration_us", Int(duration))
        if let firstToken { json.member("first_token_us", Int(firstToken)) }
        if let key { json.member("key", key) }
    }
}

extension Pipeline {
    /// Has the record of why the request went where it went kept, where it says more than the ledger.
    func keepDecision(of request: RequestContext) {
        guard request.snapshot.policy.keepsDecisions, request.isKnownCaller, let decision = request.decision else {
            return
        }
        let record = DecisionRecord(decision: decision, attempts: request.attemptNotes)
        guard !record.isPlain else { return }
        context.services.decisions.keep(
            record,
            of: request.id,
            key: request.key?.id ?? "",
            at: request.inbound.startedAt
        )
    }
}

extension RequestContext {
    /// Notes how an attempt has ended.
    func note(_ attempt: Attempt, _ code: ErrorCode?, firstContent: UInt64? = nil, at now: UInt64) {
        // No plan has so many; sessions have one that lasts.
        guard attemptNotes.count < 64, !attempt.isNoted else { return }
        attempt.isNoted = true
        attemptNotes.append(
            AttemptNote(
                number: attempt.number,
                kind: attempt.kind,
                deployment: attempt.deployment.id,
                started: microseconds(attempt.started &- trail.start),
                duration: microseconds(now &- attempt.started),
                firstToken: firstContent.map { microseconds($0 &- attempt.started) },
                key: attempt.deployment.access.credentials.count > 1 ? attempt.begun?.key : nil,
                code: code
            )
        )
    }

    /// Notes that a deployment was not asked, and why.
    func notePassedOver(_ deployment: Deployment, _ kind: Attempt.Kind, _ code: ErrorCode, at now: UInt64) {
        guard attemptNotes.count < 64 else { return }
        attemptNotes.append(
            AttemptNote(
                number: 0,
                kind: kind,
                deployment: deployment.id,
                started: microseconds(now &- trail.start),
                duration: 0,
                firstToken: nil,
                key: nil,
                code: code
            )
        )
    }
}
