/// Small models see badly.
struct ImageSignal: Signal {
    let name = "images"

    func read(_ facts: RequestFacts) -> Reading {
        facts.hasImages ? Reading([.init(.balanced, 1), .init(.economy, -0.5)], "has images") : .silent
    }
}
