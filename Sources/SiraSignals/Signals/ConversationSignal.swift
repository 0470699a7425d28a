/// A long conversation has a history to keep in mind.
struct ConversationSignal: Signal {
    let name = "conversation"

    func read(_ facts: RequestFacts) -> Reading {
        switch facts.turns {
        case 40...: Reading([.init(.quality, 1), .init(.balanced, 0.5), .init(.economy, -1)], "\(facts.turns) turns")
        case 8...: Reading([.init(.balanced, 1), .init(.economy, -0.5)], "\(facts.turns) turns")
        default: .silent
        }
    }
}
