import NIOCore
import SiraCore
import SiraJSON
import SiraRouting
import SiraWire

/// Embeddings that are asked for in one protocol and given in another.
extension Pipeline {
    func translatedEmbedding(_ attempt: Attempt, _ request: RequestContext) throws(GatewayError) -> ByteBuffer {
        guard let client = request.clientDialect.embeddingClient,
            let provider = request.snapshot.dialects[attempt.wire].embeddingProvider
        else {
            throw GatewayError(
                .unsupportedFeature,
                "\(attempt.deployment.access.name) gives no embeddings to clients of the "
                    + "\(request.clientDialect.name.rawValue) protocol."
            )
        }
        let operation = request.inbound.operation
        let call = try readJSON(request.inbound.body) { json throws(GatewayError) in
            try client.readEmbeddingCall(json, operation)
        }
        let written = try provider.writeEmbeddingCall(call, to: attempt.deployment.target)
        request.embedding = call
        try note(written.dropped, attempt, request)
        return ByteBuffer(bytes: written.body)
    }

    /// How the deployment's answer becomes the client's; nil where it is not one with embeddings.
    func embedding(_ attempt: Attempt, _ request: RequestContext) -> (any AnswerCourse)? {
        guard let call = request.embedding, let client = request.clientDialect.embeddingClient,
            let provider = request.snapshot.dialects[attempt.wire].embeddingProvider
        else { return nil }
        let (operation, indexer, model) = (request.inbound.operation, context.indexer, request.envelope?.model ?? "")
        return TranslatedWhole(limit: request.snapshot.policy.answerBytes) { bytes in
            let answer = (try? indexer.read(bytes, limits: .answer) { provider.readEmbeddings($0) }) ?? nil
            guard let answer, answer.vectors.count == call.texts.count else {
                let what = answer.map { "\($0.vectors.count) vectors for \(call.texts.count) texts" } ?? "no embeddings"
                let problem = GatewayError(.upstreamProtocol, "The provider answered with \(what).")
                return TranslatedWhole.Telling(body: .failure(problem), reported: answer?.reported)
            }
            let body = client.writeEmbeddings(answer, to: call, model: model, operation, indexer: indexer)
            return TranslatedWhole.Telling(body: .success(body), reported: answer.reported)
        }
    }
}
