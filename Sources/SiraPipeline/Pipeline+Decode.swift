import NIOCore
import SiraCore
import SiraJSON
import SiraTelemetry
import SiraWire

/// A request whose meaning is known as far as the gateway needs it.
struct DecodedCall {
    let envelope: Envelope
}

extension Pipeline {
    /// Validates the body in full, or as far as it has to be held, and reads what the gateway must know of it.
    nonisolated(nonsending) func decode(_ request: RequestContext) async throws(GatewayError) -> DecodedCall {
        let envelope: Envelope
        switch request.inbound.matter {
        case .call where request.inbound.source == nil: envelope = try readBody(request)
        case .call: envelope = try await readForm(request)
        case .passage(let passage): envelope = try readPassage(passage, request)
        case .thing(let thing): envelope = try readThing(thing, request)
        }
        guard !envelope.model.holdsControls else {
            throw GatewayError(
                .invalidField,
                "The name of the model holds a control character. GET /v1/models lists the models that can be used.",
                field: "model"
            )
        }
        request.envelope = envelope
        request.unsupported = try unsupportedPolicy(request, model: envelope.model)
        request.isStream = envelope.isStream
        request.trail.mark(.decode, at: context.clock.uptime())
        return DecodedCall(envelope: envelope)
    }

    /// What becomes of parts of the request that a provider's protocol cannot express: as the client says, else as the
    /// operator says of the model, else of all.
    ///
    /// - Throws: `invalidField` when the client's word is none of the three.
    private func unsupportedPolicy(
        _ request: RequestContext,
        model: String
    ) throws(GatewayError) -> UnsupportedPolicy {
        let policy = request.snapshot.policy
        guard let word = request.inbound.headers["x-sira-on-unsupported"] else {
            return policy.unsupportedByModel[model] ?? policy.unsupported
        }
        guard let wanted = UnsupportedPolicy(rawValue: word.lowercased()) else {
            let words = UnsupportedPolicy.allCases.map(\.rawValue).joined(separator: ", ")
            throw GatewayError(
                .invalidField,
                "The header x-sira-on-unsupported must be one of \(words).",
                field: "x-sira-on-unsupported"
            )
        }
        return wanted
    }

    private func readBody(_ request: RequestContext) throws(GatewayError) -> Envelope {
        let inbound = request.inbound
        if let type = inbound.headers["content-type"], !type.isJSON {
            throw GatewayError(.unsupportedMediaType, "The body must be JSON. Send content-type: application/json.")
        }
        let dialect = request.clientDialect
        return try readJSON(inbound.body) { json throws(GatewayError) in
            let envelope = try dialect.envelope(of: json, operation: inbound.operation, path: inbound.path)
            request.hints = RequestHints(json, as: inbound.clientProtocol)
            inbound.media = InlineMedia(json, as: inbound.clientProtocol)
            return envelope
        }
    }

    /// Reads a client's body.
    func readJSON<Result>(
        _ body: ByteBuffer,
        _ read: (JSONValue) throws(GatewayError) -> Result
    ) throws(GatewayError) -> Result {
        do {
            return try body.withUnsafeReadableBytes { try context.indexer.read($0, limits: .request, read) }
        } catch let error as GatewayError {
            throw error
        } catch let error as JSONError {
            throw GatewayError(.invalidJSON, "The request's body cannot be read: \(error). Send one valid JSON object.")
        } catch {
            throw GatewayError(.internalError, "The request's body could not be read.")
        }
    }
}

extension String {
    /// Whether a terminal or a log would obey a part of this: the control characters of ASCII and of Latin-1.
    var holdsControls: Bool {
        var before: UInt8 = 0
        for byte in utf8 {
            if byte < 0x20 || byte == 0x7F || (before == 0xC2 && byte < 0xA0) { return true }
            before = byte
        }
        return false
    }
}
