/// By whom a proof of thought was made: no other maker's models take it back, and most refuse a request that holds it.
///
/// Conversations move between models, and proofs move with them: through a client of any protocol, in the places that
/// the protocol has for its own. A proof that stands elsewhere than at home has its maker's name in front, put there
/// by the side that knows it: the reader of a provider's answer, the writer of a client's, or the reader of a client's
/// request. A proof without a name that does not tell by itself is Anthropic's as far as anyone knows.
///
/// Proofs of a tool's call are Google's, wherever they stand; they need no name.
package enum ProofMaker: String, Sendable, CaseIterable {
    case anthropic, openai, gemini

    /// How OpenAI's encrypted thoughts begin: they are Fernet tokens, with a version and the high bytes of a time.
    ///
    /// https://github.com/fernet/spec/blob/master/Spec.md
    private static let openAIStart = "gAAAAA"

    private var name: String { "sira.\(rawValue):" }

    /// The maker that a proof, or a thought that only its maker can read, tells; nil when it tells none.
    package init?(of proof: String) {
        let named = Self.allCases.first { proof.hasPrefix($0.name) }
        guard let maker = named ?? (proof.hasPrefix(Self.openAIStart) ? .openai : nil) else { return nil }
        self = maker
    }

    /// The proof with this maker's name in front, unless it tells its maker already.
    package func named(_ proof: String) -> String {
        ProofMaker(of: proof) == nil ? name + proof : proof
    }

    /// The proof as its maker wrote it, when it is this maker's or tells none; nil for another's, and for an empty one.
    package func own(_ proof: String) -> String? {
        guard ProofMaker(of: proof) ?? self == self else { return nil }
        let text = proof.hasPrefix(name) ? String(proof.dropFirst(name.count)) : proof
        return text.isEmpty ? nil : text
    }
}

extension Part {
    /// A part of thinking as this maker's models take it back; nil when it has no proof, or another maker's, and for
    /// other parts.
    package func provedThought(of maker: ProofMaker) -> Part? {
        var part = self
        switch content {
        case .thinking(var thought):
            guard let proof = thought.signature.flatMap(maker.own) else { return nil }
            thought.signature = proof
            part.content = .thinking(thought)
        case .redactedThinking(let data):
            guard let own = maker.own(data) else { return nil }
            part.content = .redactedThinking(own)
        default: return nil
        }
        return part
    }
}
