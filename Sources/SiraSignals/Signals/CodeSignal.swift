/// Code wants a model that is good at it.
struct CodeSignal: Signal {
    let name = "code"

    func read(_ facts: RequestFacts) -> Reading {
        guard facts.codeShare >= 0.1 else { return .silent }
        let words = "code: \(Int((min(1, facts.codeShare) * 100).rounded())) % of the prompt"
        if facts.codeShare >= 0.3 {
            return Reading([.init(.quality, 1.5), .init(.balanced, 0.5), .init(.economy, -1.5)], words)
        }
        return Reading([.init(.balanced, 1), .init(.economy, -0.5)], words)
    }
}
