import SiraCore
import SiraWire

extension Operation {
    /// Whether its requests may be forms, with files among their fields.
    package var takesForms: Bool {
        switch self {
        case .imageEdit, .imageVariation, .transcription, .translation: true
        default: false
        }
    }

    /// Whether its answers come in whatever shape the provider gives them: JSON, events, text, sound.
    var hasManyShapes: Bool {
        switch self {
        case .imageGeneration, .imageEdit, .imageVariation, .speech, .transcription, .translation: true
        default: false
        }
    }

    /// The model of a form that names none; nil where it has to.
    fileprivate var usualModel: String? {
        switch self {
        case .imageEdit: "gpt-image-1"
        case .imageVariation: "dall-e-2"
        default: nil
        }
    }
}

extension Pipeline {
    /// Reads a form as far as its model.
    nonisolated(nonsending) func readForm(_ request: RequestContext) async throws(GatewayError) -> Envelope {
        let inbound = request.inbound
        guard let source = inbound.source, let type = inbound.headers["content-type"] else {
            throw GatewayError(.internalError, "A form was read that is none.")
        }
        let form = try await Form.read(source, contentType: type, limit: request.snapshot.policy.heldFormBytes)
        guard let model = inbound.path.model ?? form.model ?? inbound.operation.usualModel else {
            throw GatewayError(.invalidField, "Name the model in the form's field \"model\".", field: "model")
        }
        request.form = form
        return Envelope(operation: inbound.operation, model: model, modelSpan: nil)
    }
}
