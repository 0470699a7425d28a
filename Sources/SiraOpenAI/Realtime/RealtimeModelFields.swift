internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Keeps a session to the models that it may use.
///
/// A client may name the session's model again, and other models for parts of it, such as one for transcription.
struct RealtimeModelFields {
    private let models: SessionModels
    /// Members in which clients put what they like.
    private static let free: [StaticString] = ["metadata", "tools", "prompt", "instructions", "tool_choice", "input"]

    init(_ models: SessionModels) {
        self.models = models
    }

    /// Reads one event of the client.
    ///
    /// - Returns: what must change so that the provider knows the session's model by its own name.
    /// - Throws: `modelNotAllowed`, or `invalidField` where a session would change its model.
    func read(_ event: JSONValue) throws(GatewayError) -> [Splice] {
        var splices: [Splice] = []
        for name in ["session", "response"] as [StaticString] {
            guard let part = event.present(name) else { continue }
            if let model = part.present("model") { try readOwn(model, "\(name).model", &splices) }
            for (key, value) in part.members where !key.isString("model") && !isFree(key, in: name) {
                try readOthers(value, "\(name).\(key.string ?? "")", depth: 0)
            }
        }
        return splices
    }

    private func isFree(_ key: JSONValue, in part: StaticString) -> Bool {
        // The input of a response is what was said; a session has none by that name.
        Self.free.contains { key.isString($0) }
    }

    private func readOwn(_ model: JSONValue, _ path: String, _ splices: inout [Splice]) throws(GatewayError) {
        guard let name = model.string, name == models.requested || name == models.provided else {
            throw GatewayError(
                .invalidField,
                "A session keeps the model that it has begun with, \(models.requested). Begin another session for "
                    + "another model.",
                field: path
            )
        }
        guard name != models.provided else { return }
        var replacement = JSONWriter(capacity: 64)
        replacement.element(models.provided)
        splices.append(Splice(span: model.span, replacement: replacement.bytes))
    }

    /// Looks for models within a part of a session, such as that for transcription.
    private func readOthers(_ value: JSONValue, _ path: String, depth: Int) throws(GatewayError) {
        guard value.kind == .object, depth < 8 else { return }
        for (key, inner) in value.members {
            let place = "\(path).\(key.string ?? "")"
            guard key.isString("model"), !inner.isNull else {
                try readOthers(inner, place, depth: depth + 1)
                continue
            }
            guard let name = inner.string, models.mayAlsoUse(name) else {
                throw GatewayError(
                    .modelNotAllowed,
                    "This key may not use the model \((inner.string ?? "").prefix(200)). GET /v1/models lists those "
                        + "that it may use.",
                    field: place
                )
            }
        }
    }
}
