import NIOCore
import SiraCatalog
import SiraCore
import SiraJSON
import SiraRouting
import SiraWire

extension Pipeline {
    /// Makes the request that a deployment is sent.
    func outgoing(
        _ deployment: Deployment,
        _ request: RequestContext,
        _ envelope: Envelope
    ) throws(GatewayError) -> UpstreamRequest {
        let dialect = request.snapshot.dialects[request.wire]
        let continuation = try continuation(of: request, at: deployment)
        let body =
            request.isSpoken
            ? spliced(request.inbound.body, dialect.splices(envelope, to: deployment.target) + continuation)
            : try translated(deployment, request, continuation)
        let operation = request.isSpoken ? request.inbound.operation : request.wire.conversation
        var outgoing = UpstreamRequest(
            endpoint: deployment.endpoint,
            method: "POST",
            path: deployment.pathPrefix
                + dialect.path(of: operation, to: deployment.target, isStream: envelope.isStream),
            headers: headers(deployment, request),
            body: body,
            timeouts: deployment.timeouts,
            proxy: deployment.proxy
        )
        outgoing.provider = deployment.access.name
        return outgoing
    }

    private func headers(_ deployment: Deployment, _ request: RequestContext) -> HeaderFields {
        let agent = deployment.headers["user-agent"] ?? "sira"
        var fields = HeaderFields([("content-type", "application/json"), ("user-agent", agent)])
        if let credential = context.credentialTurns.next(of: deployment.access) {
            fields.append(credential.name, credential.value.reveal())
        }
        for (name, value) in deployment.headers where name != "user-agent" { fields.append(name, value) }
        // What the operator has set stands; of the client's fields there may be several of one name.
        let ownCount = fields.fields.count
        let forwarded = deployment.access.forwardedHeaders ?? request.snapshot.policy.forwardedHeaders
        for (name, value) in request.inbound.headers where forwarded.cover(name) {
            let name = name.lowercased()
            let isOwn = fields.fields.prefix(ownCount).contains { $0.name == name }
            if !isOwn { fields.append(name, value) }
        }
        // Anthropic's protocol demands a version; a client of another protocol sends none.
        if request.wire == .anthropic, fields["anthropic-version"] == nil {
            fields.append("anthropic-version", "2023-06-01")
        }
        return fields
    }

    private func translated(
        _ deployment: Deployment,
        _ request: RequestContext,
        _ continuation: [Splice]
    ) throws(GatewayError) -> ByteBuffer {
        let dialects = request.snapshot.dialects
        guard let client = request.clientDialect.client, let provider = dialects[request.wire].provider else {
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
            request.dropped = lengthened?.paths(written.dropped) ?? written.dropped
            return ByteBuffer(bytes: written.body)
        } catch {
            var error = error
            if let lengthened { error.field = error.field.map(lengthened.path) }
            throw error
        }
    }

    /// The client's own bytes, but for the splices.
    private func spliced(_ body: ByteBuffer, _ splices: [Splice]) -> ByteBuffer {
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
    fileprivate var target: TargetModel {
        // A model of whose abilities nothing is known has none in the catalogue.
        let abilities = model.map(\.capabilities).flatMap { $0.isEmpty ? nil : $0 }
        return TargetModel(
            name: upstreamModel,
            quirks: quirks,
            maxOutput: model?.maxOutput,
            thinks: abilities?.contains(.reasoning)
        )
    }
}
