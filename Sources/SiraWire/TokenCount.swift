package import SiraCore
package import SiraJSON

/// The half of a dialect that faces clients who ask how many tokens a conversation has, and are told in another protocol.
package protocol TokenCountClient: Sendable {
    /// Reads the conversation that a client wants counted.
    ///
    /// - Throws: `invalidField` when it is not what the protocol says.
    func readCountedCall(_ json: JSONValue, path: PathFacts) throws(GatewayError) -> Call

    /// Writes the answer to a client.
    func writeTokenCount(_ tokens: Int64) -> [UInt8]
}

/// The half of a dialect that faces providers who count tokens for clients of another protocol.
package protocol TokenCountProvider: Sendable {
    /// The path after a base URL.
    func path(to target: TargetModel) -> String

    /// Writes the request for a provider.
    ///
    /// - Throws: `unsupportedFeature` when the conversation has what the model cannot take.
    func writeCountedCall(
        _ call: Call,
        to target: TargetModel,
        indexer: JSONIndexer
    ) throws(GatewayError) -> WrittenCall

    /// Reads a provider's answer; nil when it is none.
    func readTokenCount(_ json: JSONValue) -> Int64?
}

extension Operation {
    /// Whether the operation asks for the number of a conversation's tokens, in whichever protocol.
    package var isTokenCount: Bool { self == .countTokens || self == .geminiCountTokens }
}

extension WrittenCall {
    /// The request with those of its members alone that count: what says how to answer is no part of a prompt, and refused
    /// where tokens are counted.
    package func keeping(_ names: Set<String>, indexer: JSONIndexer) -> WrittenCall {
        let members = try? indexer.read(body) { json in
            json.members.compactMap { key, value in
                key.string.flatMap { names.contains($0) ? ($0, value.rawJSON) : nil }
            }
        }
        guard let members else { return self }
        var json = JSONWriter(capacity: body.count)
        json.object {
            for (name, value) in members {
                $0.key(dynamic: name)
                $0.element(value)
            }
        }
        return WrittenCall(body: json.bytes, dropped: dropped)
    }
}
