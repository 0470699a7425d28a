import NIOCore
import SiraCore
import SiraJSON
import SiraLedger
import SiraStorage
import SiraTenancy
package import SiraWire

/// What can be asked of the gateway itself.
extension Pipeline {
    /// `GET /v1/requests/{id}`: what became of a request of the same key.
    package nonisolated(nonsending) func describeRequest(
        _ text: String,
        _ headers: HeaderFields,
        to client: any ClientStream
    ) async {
        await read(headers, client) { caller throws(GatewayError) in
            let (last, records) = try await ownRecords(of: text, caller)
            let decision = try? await context.services.decisions.decision(of: last.request)
            let feedback = await knownFeedback(on: last.request, of: last.key)
            return context.snapshot.write {
                $0.writeRequest(last, attempts: records)
                if let decision { $0.member("decision", RawJSON(bytes: decision.json)) } else { $0.null("decision") }
                guard let feedback else { return $0.null("feedback") }
                $0.object("feedback") { feedback.write(to: &$0) }
            }
        }
    }

    /// `GET /health/live`: the process runs.
    package func sayLive(to client: any ClientStream) {
        say("{\"status\":\"live\"}", status: 200, HeaderFields(), to: client)
    }

    /// `GET /health/ready`: the process can serve.
    package func sayReady(isDraining: Bool, to client: any ClientStream) {
        let problem = isDraining ? "shutting down" : context.services.unreadiness()
        var json = JSONWriter(capacity: 64)
        json.object {
            $0.member("status", problem == nil ? "ready" : "not ready")
            if let problem { $0.member("reason", problem) }
        }
        say(String(decoding: json.bytes, as: UTF8.self), status: problem == nil ? 200 : 503, HeaderFields(), to: client)
    }

    /// The records of a request of the caller's, and that of its last attempt.
    ///
    /// - Throws: `requestNotFound`, for another key's requests as for none; `internalError` when the ledger cannot be read.
    nonisolated(nonsending) func ownRecords(
        of text: String,
        _ caller: Caller
    ) async throws(GatewayError) -> (last: UsageRecord, all: [UsageRecord]) {
        guard let id = RequestID(text) else { throw noSuchRequest(text) }
        let records: [UsageRecord]
        do {
            records = try await context.services.records(id)
        } catch {
            throw GatewayError(.internalError, "The ledger cannot be read at the moment. Try again.", retryAfter: 1)
        }
        // A key sees its own requests; that another key's exist is nobody's business.
        guard let last = records.last(where: { $0.isFinal }), last.key == caller.key?.id ?? "" else {
            throw noSuchRequest(text)
        }
        return (last, records)
    }

    /// What the key said of a request; nil where it said nothing, or where that cannot be read.
    private nonisolated(nonsending) func knownFeedback(on request: RequestID, of key: String) async -> Feedback? {
        let all = try? await context.services.feedback.feedback(on: request)
        return all?.first { $0.key == key }
    }

    private func noSuchRequest(_ text: String) -> GatewayError {
        GatewayError(
            .requestNotFound,
            "There is no request \"\(text.prefix(64))\" of this key. Its id is in the answer's x-sira-request-id header."
        )
    }

    /// Answers a question of a caller whose key is good.
    nonisolated(nonsending) func read(
        _ headers: HeaderFields,
        _ client: any ClientStream,
        as name: WireProtocol? = nil,
        _ body: (Caller) async throws(GatewayError) -> [UInt8]
    ) async {
        do throws(GatewayError) {
            let caller = try await authenticate(headers, at: context.clock.now(), context.snapshot)
            let bytes = try await body(caller)
            say(String(decoding: bytes, as: UTF8.self), status: 200, HeaderFields(), to: client)
        } catch {
            let usual: WireProtocol = headers["anthropic-version"] == nil ? .openai : .anthropic
            refuseUnread(error, as: name ?? usual, extra: [], to: client)
        }
    }

    private func say(_ text: String, status: Int, _ fields: HeaderFields, to client: any ClientStream) {
        var fields = fields
        fields.append("content-type", "application/json")
        let body = ByteBuffer(string: text)
        client.sendHead(status: status, headers: fields, bodyLength: body.readableBytes)
        client.sendBody(body)
        client.sendEnd()
        context.flushAtEndOfTurn(client)
    }
}

extension Snapshot {
    fileprivate func write(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter(capacity: 4_096)
        json.object(body)
        return json.bytes
    }
}

extension JSONWriter {
    /// The request as its last attempt left it, and all attempts.
    fileprivate mutating func writeRequest(_ last: UsageRecord, attempts: [UsageRecord]) {
        member("id", last.request.description)
        member("object", "request")
        last.write(to: &self)
        array("attempts") { list in
            for attempt in attempts { list.object { attempt.write(to: &$0) } }
        }
    }
}
