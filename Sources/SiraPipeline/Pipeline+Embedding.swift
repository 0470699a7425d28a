import NIOCore
import SiraCore
import SiraJSON
import SiraRouting
import SiraWire

/// Embeddings that are asked for in one protocol and given in another.
extension Pipeline {
    func translatedEmbedding(_ deployment: Deployment, _ request: RequestContext) throws(GatewayError) -> ByteBuffer {
        guard let client = request.clientDialect.embeddingClient,
            let provider = request.snapshot.dialects[request.wire].embeddingProvider
        else {
            throw GatewayError(
                .unsupportedFeature,
                "\(deployment.access.name) gives no embeddings to clients of the "
                    + "\(request.clientDialect.name.rawValue) protocol."
            )
        }
        let operation = request.inbound.operation
        let call = try readJSON(request.inbound.body) { json throws(GatewayError) in
            try client.readEmbeddingCall(json, operation)
        }
        let written = try provider.writeEmbeddingCall(call, to: deployment.target)
        request.embedding = call
        try note(written.dropped, request)
        return ByteBuffer(bytes: written.body)
    }

    /// How the deployment's answer becomes the client's; nil where it is not one with embeddings.
    func embedding(_ deployment: Deployment, _ request: RequestContext) -> (any AnswerCourse)? {
        guard let call = request.embedding, let client = request.clientDialect.embeddingClient,
            let provider = request.snapshot.dialects[request.wire].embeddingProvider
        else { return nil }
        return TranslatedEmbedding(
            call,
            client: client,
            provider: provider,
            operation: request.inbound.operation,
            model: request.envelope?.model ?? "",
            indexer: context.indexer,
            limit: request.snapshot.policy.answerBytes
        )
    }
}

/// A provider's vectors, told again in the client's protocol.
final class TranslatedEmbedding: AnswerCourse {
    private let call: EmbeddingCall
    private let client: any EmbeddingClient
    private let provider: any EmbeddingProvider
    private let operation: SiraWire.Operation
    private let model: String
    private let indexer: JSONIndexer
    private let limit: Int
    private var body = ByteBuffer()
    private(set) var reported: ReportedUsage?
    let contentEvents = 0
    let isRefusal = false

    /// - Parameters:
    ///   - model: its name as the client wrote it.
    ///   - limit: the most bytes that are held in memory.
    init(
        _ call: EmbeddingCall,
        client: any EmbeddingClient,
        provider: any EmbeddingProvider,
        operation: SiraWire.Operation,
        model: String,
        indexer: JSONIndexer,
        limit: Int
    ) {
        self.call = call
        self.client = client
        self.provider = provider
        self.operation = operation
        self.model = model
        self.indexer = indexer
        self.limit = limit
    }

    func take(_ piece: ByteBuffer, output: inout ByteBuffer, ending: inout ByteBuffer) -> CourseStep {
        gather(piece, into: &body, limit: limit)
    }

    func end(output: inout ByteBuffer, ending: inout ByteBuffer) -> CourseStep {
        let answer = body.withUnsafeReadableBytes { bytes in
            (try? indexer.read(bytes, limits: .answer) { provider.readEmbeddings($0) }) ?? nil
        }
        body = ByteBuffer()
        reported = answer?.reported
        guard let answer, answer.vectors.count == call.texts.count else {
            let what = answer.map { "\($0.vectors.count) vectors for \(call.texts.count) texts" } ?? "no embeddings"
            return .failure(GatewayError(.upstreamProtocol, "The provider answered with \(what)."))
        }
        ending = ByteBuffer(
            bytes: client.writeEmbeddings(answer, to: call, model: model, operation, indexer: indexer)
        )
        return .last
    }
}
