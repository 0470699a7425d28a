import NIOCore
import SiraCore
import SiraJSON
import SiraRouting
import SiraWire

/// Token counts that are asked for in one protocol and given in another.
extension Pipeline {
    func translatedTokenCount(_ deployment: Deployment, _ request: RequestContext) throws(GatewayError) -> ByteBuffer {
        guard let client = request.clientDialect.tokenCountClient,
            let provider = request.snapshot.dialects[request.wire].tokenCountProvider
        else {
            throw GatewayError(
                .unsupportedFeature,
                "\(deployment.access.name) counts no tokens for clients of the "
                    + "\(request.clientDialect.name.rawValue) protocol."
            )
        }
        var call = try readJSON(request.inbound.body) { json throws(GatewayError) in
            try client.readCountedCall(json, path: request.inbound.path)
        }
        // How the answer is to be made is no part of what is counted, and nothing is lost where it is left out.
        call.sampling = Sampling()
        call.isStream = false
        let written = try provider.writeCountedCall(call, to: deployment.target, indexer: context.indexer)
        try note(written.dropped, request)
        return ByteBuffer(bytes: written.body)
    }

    /// How the deployment's count becomes the client's.
    func tokenCount(_ request: RequestContext) -> (any AnswerCourse)? {
        guard let client = request.clientDialect.tokenCountClient,
            let provider = request.snapshot.dialects[request.wire].tokenCountProvider
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
