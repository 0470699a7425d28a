import SiraCore
import SiraRouting
import SiraTenancy
import SiraWire

/// A call that its caller may make.
struct AllowedCall {
    let envelope: Envelope
}

extension Pipeline {
    /// Checks that the key may use the model.
    func authorize(
        _ call: DecodedCall,
        for caller: Caller,
        _ request: RequestContext
    ) throws(GatewayError) -> AllowedCall {
        let model = call.envelope.model
        if let key = caller.key, !key.allows(model: model, in: request.snapshot.directory) {
            throw GatewayError(
                .modelNotAllowed,
                "The key \(key.name) may not use the model \(model.prefix(200)). GET /v1/models lists those that it may use.",
                field: "model"
            )
        }
        return AllowedCall(envelope: call.envelope)
    }
}

extension APIKey {
    /// Whether requests may name that model: the key lists the name itself, or every place that the name leads to.
    func allows(model: String, in directory: Directory) -> Bool {
        if allows(model: model) { return true }
        let targets = directory.targets(of: model)
        return !targets.isEmpty && targets.allSatisfy { allows(model: $0) }
    }
}
