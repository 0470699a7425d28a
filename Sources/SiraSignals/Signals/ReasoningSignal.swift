/// Whoever asks a model to think has a reason.
struct ReasoningSignal: Signal {
    let name = "reasoning"

    func read(_ facts: RequestFacts) -> Reading {
        facts.wantsReasoning ? Reading([.init(.quality, 3), .init(.economy, -2)], "wants reasoning") : .silent
    }
}
