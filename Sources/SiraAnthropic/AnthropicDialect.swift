package import SiraCore
package import SiraJSON
package import SiraWire

/// Anthropic's protocol: messages and their token counts.
///
/// Reference: https://docs.anthropic.com/en/api/messages
package struct AnthropicDialect: Dialect {
    package init() {}

    package var name: WireProtocol { .anthropic }
    package var client: (any ConversationClient)? { MessagesClient() }
    package var provider: (any ConversationProvider)? { MessagesProvider() }

    package func envelope(
        of json: JSONValue,
        operation: Operation,
        path: PathFacts
    ) throws(GatewayError) -> Envelope {
        let fields = try RequestFields(json)
        let model = try fields.model()
        var envelope = Envelope(operation: operation, model: model.name, modelSpan: model.span)
        envelope.modelKeySpan = json.members.first { $0.key.isString("model") }?.key.span
        try fields.checkMessages()
        let outputLimit = try fields.count("max_tokens")
        guard operation != .countTokens else { return envelope }
        guard outputLimit != nil else {
            throw GatewayError(
                .invalidField,
                "Say in \"max_tokens\" how long the answer may be.",
                field: "max_tokens"
            )
        }
        envelope.isStream = try fields.flag("stream")
        return envelope
    }

    package func path(of operation: Operation, to target: TargetModel, isStream: Bool) -> String {
        if operation == .file { return "/v1/files" }
        guard target.quirks.hosting == .vertex else {
            return operation == .countTokens ? "/v1/messages/count_tokens" : "/v1/messages"
        }
        // The base URL holds what comes before: version, project and location.
        let models = "/publishers/anthropic/models/"
        if operation == .countTokens { return models + "count-tokens:rawPredict" }
        return "\(models)\(target.name):\(isStream ? "streamRawPredict" : "rawPredict")"
    }

    /// On Vertex the model is in the path, and the version of the API takes its place in the body.
    package func splices(_ envelope: Envelope, to target: TargetModel) -> [Splice] {
        guard target.quirks.hosting == .vertex, envelope.operation != .countTokens,
            let key = envelope.modelKeySpan, let value = envelope.modelSpan
        else { return envelope.splices(for: target) }
        let version = "\"anthropic_version\":\"\(Self.vertexVersion)\""
        return [Splice(span: key.lowerBound..<value.upperBound, replacement: version)]
    }

    /// The version of the API that Vertex wants named.
    ///
    /// https://cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude/use-claude
    static let vertexVersion = "vertex-2023-10-16"

    package func makeObserver(
        _ operation: Operation,
        isStream: Bool,
        withholdsUsage: Bool,
        quirks: Quirks
    ) -> any AnswerObserver {
        AnthropicObserver(operation: operation)
    }
}
