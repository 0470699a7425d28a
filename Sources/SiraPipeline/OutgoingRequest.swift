import NIOCore
import SiraCatalog
import SiraCore
import SiraJSON
package import SiraRouting
package import SiraWire

extension Pipeline {
    /// Makes the request that a deployment is sent.
    func outgoing(
        _ attempt: Attempt,
        _ request: RequestContext,
        _ envelope: Envelope
    ) throws(GatewayError) -> UpstreamRequest {
        let (inbound, deployment) = (request.inbound, attempt.deployment)
        var outgoing = UpstreamRequest(
            endpoint: deployment.endpoint,
            method: inbound.method,
            path: path(attempt, request, envelope),
            headers: try headers(attempt, request),
            body: try body(attempt, request, envelope),
            timeouts: deployment.timeouts,
            proxy: deployment.proxy
        )
        outgoing.rest = request.form?.rest
        if let source = inbound.source, request.form == nil { outgoing.rest = BodyRest(source, length: source.length) }
        outgoing.provider = deployment.access.name
        outgoing.addressGuard = deployment.access.addressGuard
        return outgoing
    }

    private func path(_ attempt: Attempt, _ request: RequestContext, _ envelope: Envelope) -> String {
        let deployment = attempt.deployment
        let dialect = request.snapshot.dialects[attempt.wire]
        switch request.inbound.matter {
        case .call:
            let asked = request.inbound.operation
            if !attempt.isSpoken, asked.isEmbedding, let embedding = dialect.embeddingProvider {
                return deployment.pathPrefix + embedding.path(to: deployment.target)
            }
            if !attempt.isSpoken, asked.isTokenCount, let count = dialect.tokenCountProvider {
                return deployment.pathPrefix + count.path(to: deployment.target)
            }
            let operation = attempt.isSpoken ? asked : attempt.wire.conversation
            return deployment.pathPrefix
                + dialect.path(of: operation, to: deployment.target, isStream: envelope.isStream)
        case .passage(let passage):
            return ProviderPath.joined(deployment.pathPrefix, passage)
        case .thing(let thing):
            let path = dialect.path(of: thing.operation, to: deployment.target, isStream: false)
            return deployment.pathPrefix + thing.path(behind: path, query: request.thingQuery)
        }
    }

    private func body(
        _ attempt: Attempt,
        _ request: RequestContext,
        _ envelope: Envelope
    ) throws(GatewayError) -> ByteBuffer {
        if let continuing = attempt.continuing { return continuing.body }
        let deployment = attempt.deployment
        if let form = request.form { return form.beginning(for: deployment.target.name) }
        guard case .call = request.inbound.matter else { return request.inbound.body }
        if !attempt.isSpoken, request.inbound.operation.isEmbedding {
            return try translatedEmbedding(attempt, request)
        }
        if !attempt.isSpoken, request.inbound.operation.isTokenCount {
            return try translatedTokenCount(attempt, request)
        }
        let continuation = try continuation(of: request, by: attempt)
        guard attempt.isSpoken else { return try translated(attempt, request, continuation) }
        if request.mayContinue, request.call == nil, let client = request.clientDialect.client {
            // Nobody needs it unless the stream breaks off, so what cannot be read only cannot be gone on with.
            request.call = try? readJSON(request.inbound.body) { json throws(GatewayError) in
                try client.readCall(json, path: request.inbound.path)
            }
        }
        let dialect = request.snapshot.dialects[attempt.wire]
        return spliced(request.inbound.body, dialect.splices(envelope, to: deployment.target) + continuation)
    }

    private func translated(
        _ attempt: Attempt,
        _ request: RequestContext,
        _ continuation: [Splice]
    ) throws(GatewayError) -> ByteBuffer {
        let (dialects, deployment) = (request.snapshot.dialects, attempt.deployment)
        guard let client = request.clientDialect.client, let provider = dialects[attempt.wire].provider else {
            throw GatewayError(
                .unsupportedFeature,
                "Clients of the \(request.clientDialect.name.rawValue) protocol cannot be served by \(deployment.access.name) yet."
            )
        }
        // What was put in front of the client's input is not the client's, so that places in it are called otherwise.
        let lengthened = continuation.isEmpty ? nil : LengthenedInput(count: request.conversation?.history?.count ?? 0)
        do throws(GatewayError) {
            let body = spliced(request.inbound.body, continuation)
            let call = try readJSON(body) { json throws(GatewayError) in
                try client.readCall(json, path: request.inbound.path)
            }
            request.call = call
            var asked = call
            // What is kept here need not be kept by a provider whose name for it nobody will ever ask for.
            if request.conversation != nil, request.snapshot.policy.keptResponses != nil, call.keepsAnswer == true {
                asked.keepsAnswer = nil
            }
            let written = try provider.writeCall(asked, to: deployment.target, indexer: context.indexer)
            try checkWrittenFiles(written.body, attempt, request)
            try note(lengthened?.paths(written.dropped) ?? written.dropped, attempt, request)
            return ByteBuffer(bytes: written.body)
        } catch {
            var error = error
            if let lengthened { error.field = error.field.map(lengthened.path) }
            throw error
        }
    }

    /// Notes what a request has to do without.
    ///
    /// - Throws: `unsupportedFeature` when the client or the operator will not have that.
    func note(_ dropped: [String], _ attempt: Attempt, _ request: RequestContext) throws(GatewayError) {
        guard dropped.isEmpty || request.unsupported != .reject else {
            throw GatewayError(
                .unsupportedFeature,
                "The model's provider cannot take all of this request: \(DroppedFields.headerValue(dropped)). "
                    + "Leave that out, or send the header x-sira-on-unsupported: warn to have it left out.",
                field: dropped.first
            )
        }
        attempt.dropped = dropped
    }

    /// The client's own bytes, but for the splices.
    func spliced(_ body: ByteBuffer, _ splices: [Splice]) -> ByteBuffer {
        guard !splices.isEmpty else { return body }
        let growth = splices.reduce(0) { $0 + $1.replacement.count }
        var result = ByteBufferAllocator().buffer(capacity: body.readableBytes + growth)
        body.withUnsafeReadableBytes { bytes in
            var at = 0
            for splice in splices.sorted(by: { $0.span.lowerBound < $1.span.lowerBound }) {
                result.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[at..<splice.span.lowerBound]))
                result.writeBytes(splice.replacement)
                at = splice.span.upperBound
            }
            result.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[at...]))
        }
        return result
    }
}

extension Deployment {
    /// The model as the writers of requests know it.
    package var target: TargetModel {
        // A model of whose abilities nothing is known has none in the catalogue.
        let abilities = model.map(\.capabilities).flatMap { $0.isEmpty ? nil : $0 }
        return TargetModel(
            name: upstreamModel,
            quirks: quirks,
            maxOutput: model?.maxOutput,
            thinks: abilities?.contains(.reasoning),
            traits: model?.traits ?? ModelTraits()
        )
    }
}
