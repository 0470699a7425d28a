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
        return TranslatedTokenCount(
            client: client,
            provider: provider,
            indexer: context.indexer,
            limit: request.snapshot.policy.answerBytes
        )
    }
}

/// A provider's count, told again in the client's protocol.
final class TranslatedTokenCount: AnswerCourse {
    private let client: any TokenCountClient
    private let provider: any TokenCountProvider
    private let indexer: JSONIndexer
    private let limit: Int
    private var body = ByteBuffer()
    /// Counts are free.
    let reported: ReportedUsage? = .free
    let contentEvents = 0
    let isRefusal = false

    /// - Parameter limit: the most bytes that are held in memory.
    init(client: any TokenCountClient, provider: any TokenCountProvider, indexer: JSONIndexer, limit: Int) {
        self.client = client
        self.provider = provider
        self.indexer = indexer
        self.limit = limit
    }

    func take(_ piece: ByteBuffer, output: inout ByteBuffer, ending: inout ByteBuffer) -> CourseStep {
        gather(piece, into: &body, limit: limit)
    }

    func end(output: inout ByteBuffer, ending: inout ByteBuffer) -> CourseStep {
        let tokens = body.withUnsafeReadableBytes { bytes in
            (try? indexer.read(bytes, limits: .answer) { provider.readTokenCount($0) }) ?? nil
        }
        body = ByteBuffer()
        guard let tokens, tokens >= 0 else {
            return .failure(GatewayError(.upstreamProtocol, "The provider answered with no number of tokens."))
        }
        ending = ByteBuffer(bytes: client.writeTokenCount(tokens))
        return .last
    }
}
