package import SiraCore
package import SiraJSON
package import SiraWire

/// Google's protocol for its Gemini models, in AI Studio and on Vertex AI.
///
/// Reference: https://ai.google.dev/api/generate-content
package struct GeminiDialect: Dialect {
    package init() {}

    package var name: WireProtocol { .gemini }
    package var client: (any ConversationClient)? { GenerateClient() }
    package var provider: (any ConversationProvider)? { GenerateProvider() }
    /// Google's own SDKs take whatever does not begin with `data:` for an error.
    package var takesComments: Bool { false }

    package func envelope(
        of json: JSONValue,
        operation: Operation,
        path: PathFacts
    ) throws(GatewayError) -> Envelope {
        let fields = try RequestFields(json)
        let named = if let model = path.model { model } else { try fields.model().name }
        let model = GeminiModel.name(named)
        guard !model.isEmpty else {
            throw GatewayError(.invalidField, "Name the model in the path.", field: "model")
        }
        try check(json, operation)
        var envelope = Envelope(operation: operation, model: model, modelSpan: nil)
        envelope.isStream = path.isStream
        envelope.modelResourceSpans = Self.modelSpans(json)
        return envelope
    }

    /// Checks that what the operation is about is there.
    private func check(_ json: JSONValue, _ operation: Operation) throws(GatewayError) {
        switch operation {
        case .generate:
            guard let contents = json.present("contents"), contents.kind == .array || contents.kind == .object else {
                throw GatewayError(.invalidField, "Give the conversation as a list in \"contents\".", field: "contents")
            }
        case .embedContent:
            guard json.present("content") != nil else {
                throw GatewayError(.invalidField, "Give what is to be embedded in \"content\".", field: "content")
            }
        case .batchEmbedContents:
            guard json.present("requests")?.kind == .array else {
                throw GatewayError(.invalidField, "Give the requests as a list in \"requests\".", field: "requests")
            }
        default:
            break
        }
    }

    /// Where a body names the model once more.
    private static func modelSpans(_ json: JSONValue) -> [Range<Int>] {
        var places = [json["model"], json.field("generateContentRequest", "generate_content_request")?["model"]]
        places += json["requests"]?.elements.map { $0["model"] } ?? []
        return places.compactMap(\.self).filter { $0.kind == .string }.map(\.span)
    }

    package func splices(_ envelope: Envelope, to target: TargetModel) -> [Splice] {
        guard target.name != envelope.model else { return [] }
        var name = JSONWriter(capacity: 64)
        name.element("models/" + target.name)
        return envelope.modelResourceSpans.map { Splice(span: $0, replacement: name.bytes) }
    }

    package func path(of operation: Operation, to target: TargetModel, isStream: Bool) -> String {
        let verb =
            switch operation {
            case .geminiCountTokens: "countTokens"
            case .embedContent: "embedContent"
            case .batchEmbedContents: "batchEmbedContents"
            default: isStream ? "streamGenerateContent?alt=sse" : "generateContent"
            }
        // On Vertex the base URL holds what comes before: version, project and location.
        let models = target.quirks.hosting == .vertex ? "/publishers/google/models/" : "/v1beta/models/"
        return "\(models)\(GeminiModel.name(target.name)):\(verb)"
    }

    package func makeObserver(
        _ operation: Operation,
        isStream: Bool,
        withholdsUsage: Bool,
        quirks: Quirks
    ) -> any AnswerObserver {
        GeminiObserver(operation: operation)
    }
}
