package import SiraCore
package import SiraJSON
package import SiraWire

extension AnthropicDialect {
    package var tokenCountClient: (any TokenCountClient)? { MessagesTokenCount() }
    package var tokenCountProvider: (any TokenCountProvider)? { MessagesTokenCount() }
}

/// Anthropic's count of the tokens of a message's request.
///
/// Reference: https://docs.anthropic.com/en/api/messages-count-tokens
package struct MessagesTokenCount: TokenCountClient, TokenCountProvider {
    package init() {}

    package func readCountedCall(_ json: JSONValue, path: PathFacts) throws(GatewayError) -> Call {
        try MessagesClient().readCall(json, path: path)
    }

    package func writeTokenCount(_ tokens: Int64) -> [UInt8] {
        var json = JSONWriter(capacity: 32)
        json.object { $0.member("input_tokens", tokens) }
        return json.bytes
    }

    package func path(to target: TargetModel) -> String {
        AnthropicDialect().path(of: .countTokens, to: target, isStream: false)
    }

    package func writeCountedCall(
        _ call: Call,
        to target: TargetModel,
        indexer: JSONIndexer
    ) throws(GatewayError) -> WrittenCall {
        // Vertex has the model in the path elsewhere, and here in the body.
        var target = target
        target.quirks.hosting = .own
        return try MessagesProvider().writeCall(call, to: target, indexer: indexer)
            .keeping(Self.counted, indexer: indexer)
    }

    /// The members of a message's request that are counted.
    private static let counted: Set<String> = [
        "model", "messages", "system", "tools", "tool_choice", "thinking", "output_config",
    ]

    package func readTokenCount(_ json: JSONValue) -> Int64? { json["input_tokens"]?.integer }
}
