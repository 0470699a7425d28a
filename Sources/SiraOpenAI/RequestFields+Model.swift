internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension RequestFields {
    /// The model of a request: the one that the path names, else the body's, else the one that OpenAI takes.
    func envelope(of operation: Operation, path: PathFacts) throws(GatewayError) -> Envelope {
        let usual = operation.usualModel
        guard path.model != nil || (usual != nil && json.present("model") == nil) else {
            let model = try model()
            return Envelope(operation: operation, model: model.name, modelSpan: model.span)
        }
        // Behind the opening brace: what is asked stands in other members, so there is one to follow.
        let place = json.span.lowerBound + 1
        let span = json["model"]?.span ?? place..<place
        var envelope = Envelope(operation: operation, model: path.model ?? usual ?? "", modelSpan: span)
        envelope.writtenModel = json["model"]?.string ?? ""
        return envelope
    }

    /// Checks that there is what the operation is about; the rest is the provider's to judge.
    func checkInput(of operation: Operation) throws(GatewayError) {
        switch operation {
        case .embedding: try require("input", "the text to embed")
        case .moderation: try require("input", "what is to be judged")
        case .rerank:
            try require("query", "what is searched for")
            try require("documents", "the texts to rank")
        case .imageGeneration, .imageEdit: try require("prompt", "what the picture is to show")
        case .speech: try require("input", "the text to speak")
        default: break
        }
    }
}

extension Operation {
    /// The model of a request that names none; nil where it has to.
    var usualModel: String? {
        switch self {
        case .moderation: "omni-moderation-latest"
        case .imageGeneration, .imageEdit: "gpt-image-1"
        case .imageVariation: "dall-e-2"
        default: nil
        }
    }
}
