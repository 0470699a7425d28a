import NIOCore
import SiraCore
import SiraJSON
import SiraRouting
import SiraTelemetry
import SiraWire

/// Token counts that are asked for in one protocol and given in another.
extension Pipeline {
    func translatedTokenCount(_ attempt: Attempt, _ request: RequestContext) throws(GatewayError) -> ByteBuffer {
        guard let client = request.clientDialect.tokenCountClient,
            let provider = request.snapshot.dialects[attempt.wire].tokenCountProvider
        else {
            throw GatewayError(
                .unsupportedFeature,
                "\(attempt.deployment.access.name) counts no tokens for clients of the "
                    + "\(request.clientDialect.name.rawValue) protocol."
            )
        }
        var call = try readJSON(request.inbound.body) { json throws(GatewayError) in
            try client.readCountedCall(json, path: request.inbound.path)
        }
        // How the answer is to be made is no part of what is counted, and nothing is lost where it is left out.
        call.sampling = Sampling()
        call.isStream = false
        let written = try provider.writeCountedCall(call, to: attempt.deployment.target, indexer: context.indexer)
        try note(written.dropped, attempt, request)
        return ByteBuffer(bytes: written.body)
    }

    /// Counts the tokens of a conversation here, for the model that would answer it, and says that this is an estimate.
    func tellCount(
        _ plan: Plan,
        _ request: RequestContext,
        _ client: any ClientStream
    ) throws(GatewayError) {
        guard let deployment = plan.candidates.first?.deployment, let dialect = request.clientDialect.tokenCountClient
        else { throw GatewayError(.unsupportedFeature, "No provider of this model counts tokens.") }
        let call = try readJSON(request.inbound.body) { json throws(GatewayError) in
            try dialect.readCountedCall(json, path: request.inbound.path)
        }
        var count = PromptCount(model: deployment.countedModel)
        count.add(call)
        client.abort.disarm()
        request.trail.mark(.finish, at: context.clock.uptime())
        var record = request.record(of: nil, now: context.clock.uptime())
        request.price(&record, .nothing, prices: nil)
        report(record, nil, request)
        let body = dialect.writeTokenCount(Int64(count.tokens))
        var fields = request.commonFields
        fields.append("content-type", "application/json")
        fields.append("x-sira-token-count", "estimated")
        client.sendHead(status: 200, headers: fields, bodyLength: body.count)
        client.sendBody(ByteBuffer(bytes: body))
        client.sendEnd()
        context.flushAtEndOfTurn(client)
    }

    /// How the deployment's count becomes the client's.
    func tokenCount(_ attempt: Attempt, _ request: RequestContext) -> (any AnswerCourse)? {
        guard let client = request.clientDialect.tokenCountClient,
            let provider = request.snapshot.dialects[attempt.wire].tokenCountProvider
        else { return nil }
        let indexer = context.indexer
        return TranslatedWhole(limit: request.snapshot.policy.answerBytes) { bytes in
            let tokens = (try? indexer.read(bytes, limits: .answer) { provider.readTokenCount($0) }) ?? nil
            guard let tokens, tokens >= 0 else {
                let problem = GatewayError(.upstreamProtocol, "The provider answered with no number of tokens.")
                return TranslatedWhole.Telling(body: .failure(problem), reported: .free)
            }
            return TranslatedWhole.Telling(body: .success(client.writeTokenCount(tokens)), reported: .free)
        }
    }
}
