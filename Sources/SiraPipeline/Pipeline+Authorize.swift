import SiraCore
import SiraTenancy
import SiraWire

/// A call that its caller may make.
struct AllowedCall {
    let envelope: Envelope
}

extension Pipeline {
    /// Checks that the key may use the model.
    func authorize(_ call: DecodedCall, for caller: Caller) throws(GatewayError) -> AllowedCall {
        let model = call.envelope.model
        if let key = caller.key, !key.allows(model: model) {
            throw GatewayError(
                .modelNotAllowed,
                "The key \(key.name) may not use the model \(model.prefix(200)). GET /v1/models lists those that it may use.",
                field: "model"
            )
        }
        return AllowedCall(envelope: call.envelope)
    }
}
