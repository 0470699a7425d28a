package import SiraCore
package import SiraJSON
package import SiraWire

extension GeminiDialect {
    package var tokenCountClient: (any TokenCountClient)? { GenerateTokenCount() }
    package var tokenCountProvider: (any TokenCountProvider)? { GenerateTokenCount() }
}

/// Google's count of the tokens of a request for generated content.
///
/// Reference: https://ai.google.dev/api/tokens
package struct GenerateTokenCount: TokenCountClient, TokenCountProvider {
    package init() {}

    /// Clients give the conversation alone, or within a request for content.
    package func readCountedCall(_ json: JSONValue, path: PathFacts) throws(GatewayError) -> Call {
        let request = json.field("generateContentRequest", "generate_content_request") ?? json
        return try GenerateClient().readCall(request, path: path)
    }

    package func writeTokenCount(_ tokens: Int64) -> [UInt8] {
        var json = JSONWriter(capacity: 32)
        json.object { $0.member("totalTokens", tokens) }
        return json.bytes
    }

    package func path(to target: TargetModel) -> String {
        GeminiDialect().path(of: .geminiCountTokens, to: target, isStream: false)
    }

    /// AI Studio counts a whole request where it stands within the question; Vertex takes its members by themselves.
    package func writeCountedCall(
        _ call: Call,
        to target: TargetModel,
        indexer: JSONIndexer
    ) throws(GatewayError) -> WrittenCall {
        let written = try GenerateProvider().writeCall(call, to: target, indexer: indexer)
            .keeping(Self.counted, indexer: indexer)
        guard target.quirks.hosting == .own else { return written }
        let model = RawJSON(bytes: written.body)
        var json = JSONWriter(capacity: written.body.count + 64)
        json.object {
            $0.object("generateContentRequest") {
                $0.member("model", "models/" + GeminiModel.name(target.name))
                $0.members(of: model)
            }
        }
        return WrittenCall(body: json.bytes, dropped: written.dropped)
    }

    /// The members of a request for content that are counted.
    private static let counted: Set<String> = [
        "contents", "systemInstruction", "tools", "toolConfig", "generationConfig",
    ]

    package func readTokenCount(_ json: JSONValue) -> Int64? { json["totalTokens"]?.integer }
}
