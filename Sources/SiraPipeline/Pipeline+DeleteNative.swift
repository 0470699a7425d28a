import NIOCore
import SiraCore
import SiraRouting
import SiraStorage
import SiraWire

extension Pipeline {
    /// Has a provider delete an answer that it keeps itself, with the credential with which it was made.
    ///
    /// - Throws: what the provider says against it, but for its not having the answer any more.
    nonisolated(nonsending) func deleteAtProvider(
        _ response: StoredResponse,
        _ headers: HeaderFields,
        _ client: any ClientStream
    ) async throws(GatewayError) {
        let plan = try context.snapshot.directory.passage(to: response.access, model: "")
        guard let candidate = plan.candidates.first else { return }
        let deployment = candidate.deployment
        let all = context.snapshot.dialects[.responses].path(of: .response, to: deployment.target, isStream: false)
        let parts = all.split(separator: "?", maxSplits: 1)
        let path = "\(deployment.pathPrefix)\(parts.first ?? "")/\(PercentEncoding.encoded(response.id))"
        let passage = Passage(
            provider: response.access,
            path: path,
            query: parts.dropFirst().first.map(String.init) ?? ""
        )
        let inbound = Inbound(
            operation: .passthrough,
            matter: .passage(passage),
            method: "DELETE",
            headers: headers,
            body: ByteBuffer(),
            startedAt: context.clock.now(),
            startedUptime: context.clock.uptime(),
            extraFields: []
        )
        let id = RequestID(at: inbound.startedAt, using: &context.random)
        let request = RequestContext(id: id, inbound: inbound, snapshot: context.snapshot)
        request.envelope = Envelope(operation: .passthrough, model: "", modelSpan: nil)
        request.passagePrevious = response
        let attempt = Attempt(candidate, .first, of: request, at: context.clock.uptime())
        client.abort.onFire { attempt.abort.fire() }
        defer { client.abort.disarm() }
        let answer = try await send(attempt, request)
        guard answer.status < 300 || answer.status == 404 else {
            throw await refusal(answer, of: attempt, request)
        }
        // Read to its end, so that the connection can be used again; what it says is what was asked for.
        _ = await BodyCollector(limit: 1_000_000).collect(answer, abort: attempt.abort)
    }
}
