/// JSON by itself is easy; providers see to its shape.
struct JSONSignal: Signal {
    let name = "json"

    func read(_ facts: RequestFacts) -> Reading {
        facts.wantsJSON ? Reading([.init(.economy, 0.25), .init(.balanced, 0.5)], "wants JSON") : .silent
    }
}
