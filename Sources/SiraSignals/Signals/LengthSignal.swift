/// Short prompts are mostly simple; very long ones need a model that can read them.
struct LengthSignal: Signal {
    let name = "length"
    /// Tokens from which on a model for long prompts is needed.
    ///
    /// Most models take 128,000, of which answer and estimate want a part.
    static let long = 100_000

    func read(_ facts: RequestFacts) -> Reading {
        let words = "\(facts.promptTokens) tokens"
        switch facts.promptTokens {
        case Self.long...: return Reading([.init(.long, 100)], words)
        case 20_000...: return Reading([.init(.quality, 1), .init(.economy, -2), .init(.balanced, 0.5)], words)
        case 4_000...: return Reading([.init(.balanced, 1), .init(.economy, -1)], words)
        case 0: return .silent
        case ..<120: return Reading([.init(.economy, 1)], words)
        default: return .silent
        }
    }
}
