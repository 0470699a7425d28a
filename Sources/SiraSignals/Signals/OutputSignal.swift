/// An answer of a few tokens is seldom hard; a very long one wants a model that keeps it together.
struct OutputSignal: Signal {
    let name = "output"

    func read(_ facts: RequestFacts) -> Reading {
        guard let limit = facts.outputLimit else { return .silent }
        let words = "an answer of \(limit) tokens at most"
        switch limit {
        case ...64: return Reading([.init(.economy, 1), .init(.quality, -0.5)], words)
        case 16_000...: return Reading([.init(.quality, 0.5), .init(.economy, -1)], words)
        default: return .silent
        }
    }
}
