/// What is asked for, by the words it is asked with.
struct TaskSignal: Signal {
    let name = "task"

    func read(_ facts: RequestFacts) -> Reading {
        switch facts.task {
        case .reasoning: Reading([.init(.quality, 2), .init(.economy, -1)], "asks to reason or to prove something")
        case .math: Reading([.init(.quality, 2), .init(.economy, -1)], "asks to calculate or to prove something")
        case .code: Reading([.init(.quality, 1), .init(.balanced, 1), .init(.economy, -0.5)], "asks for code")
        case .writing: Reading([.init(.balanced, 1.5), .init(.economy, -0.5)], "asks to write something")
        case .translation: Reading([.init(.economy, 1), .init(.balanced, 0.5)], "asks for a translation")
        case .summary: Reading([.init(.economy, 1), .init(.balanced, 0.5)], "asks for a summary")
        case .extraction: Reading([.init(.economy, 1.5)], "asks to extract something")
        case .classification: Reading([.init(.economy, 2), .init(.quality, -1)], "asks to classify something")
        case .chat: Reading([.init(.economy, 1.5), .init(.quality, -1)], "small talk")
        case .other: .silent
        }
    }
}
