package import SiraCore
package import SiraJSON
package import SiraWire

extension ResponsesDialect {
    package var tokenCountProvider: (any TokenCountProvider)? { ResponsesTokenCount() }
}

/// OpenAI's count of the tokens of a response's input.
///
/// Reference: https://platform.openai.com/docs/api-reference/responses/input-tokens
package struct ResponsesTokenCount: TokenCountProvider {
    package init() {}

    package func path(to target: TargetModel) -> String { "/responses/input_tokens" }

    package func writeCountedCall(
        _ call: Call,
        to target: TargetModel,
        indexer: JSONIndexer
    ) throws(GatewayError) -> WrittenCall {
        try ResponsesProvider().writeCall(call, to: target, indexer: indexer).keeping(Self.counted, indexer: indexer)
    }

    /// The members of a request for a response that are counted.
    private static let counted: Set<String> = [
        "model", "input", "instructions", "tools", "tool_choice", "text", "reasoning", "parallel_tool_calls",
    ]

    package func readTokenCount(_ json: JSONValue) -> Int64? { json["input_tokens"]?.integer }
}
