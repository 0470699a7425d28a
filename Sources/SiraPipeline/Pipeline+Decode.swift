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
    /// Validates the body in full and reads what the gateway must know of it.
    func decode(_ request: RequestContext) throws(GatewayError) -> DecodedCall {
        let inbound = request.inbound
        if let type = inbound.headers["content-type"], !type.isJSON {
            throw GatewayError(.unsupportedMediaType, "The body must be JSON. Send content-type: application/json.")
        }
        let dialect = request.clientDialect
        let envelope = try readJSON(inbound.body) { json throws(GatewayError) in
            try dialect.envelope(of: json, operation: inbound.operation, path: inbound.path)
        }
        guard !envelope.model.holdsControls else {
            throw GatewayError(
                .invalidField,
                "The name of the model holds a control character. GET /v1/models lists the models that can be used.",
                field: "model"
            )
        }
        request.envelope = envelope
        request.trail.mark(.decode, at: context.clock.uptime())
        return DecodedCall(envelope: envelope)
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

    /// Whether this is the media type of JSON, whatever its parameters.
    var isJSON: Bool {
        if matches(lowercased: "application/json") { return true }
        let type = prefix { $0 != ";" }.filter { $0 != " " }
        return type.isEmpty || type.matches(lowercased: "application/json") || type.lowercased().hasSuffix("+json")
    }
}
