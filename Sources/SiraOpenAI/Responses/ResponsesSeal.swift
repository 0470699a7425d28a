internal import SiraWire

/// What other protocols prove their thoughts with, in the one member that Responses has for such things: the
/// `encrypted_content` of a reasoning item, which clients send back as it is.
///
/// OpenAI's own proof of thinking that can be read stands there as it came. What needs to be told apart has a word in
/// front, and another maker's proof its maker's name.
enum ResponsesSeal: Equatable {
    /// The proof of the item's own text.
    case thought(String)
    /// Thinking that only its provider can read.
    case redacted(String)
    /// The proof of the thought that led to the call of this id.
    case call(id: String, signature: String)

    /// The proof of a thought by whoever made it, for clients, who are at home with OpenAI's.
    init(proofOfThought proof: String) {
        switch ProofMaker(of: proof) {
        case .openai?: self = .thought(ProofMaker.openai.own(proof) ?? "")
        case .some: self = .thought(proof)
        case nil: self = .thought(ProofMaker.anthropic.named(proof))
        }
    }

    private static let redactedWord = "sira.redacted:"
    private static let callWord = "sira.call:"

    init(_ text: String) {
        if text.hasPrefix(Self.redactedWord) {
            self = .redacted(String(text.dropFirst(Self.redactedWord.count)))
        } else if text.hasPrefix(Self.callWord), let colon = text.lastIndex(of: ":") {
            // Signatures are base 64, in which there are no colons; ids may have some.
            let start = text.index(text.startIndex, offsetBy: Self.callWord.count)
            guard start <= colon else {
                self = .thought(text)
                return
            }
            self = .call(id: String(text[start..<colon]), signature: String(text[text.index(after: colon)...]))
        } else {
            self = .thought(text)
        }
    }

    var text: String {
        switch self {
        case .thought(let signature): signature
        case .redacted(let data): Self.redactedWord + data
        case .call(let id, let signature): "\(Self.callWord)\(id):\(signature)"
        }
    }
}
