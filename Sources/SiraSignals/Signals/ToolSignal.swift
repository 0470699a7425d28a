/// The more tools there are to choose from, the better a model must choose.
struct ToolSignal: Signal {
    let name = "tools"

    func read(_ facts: RequestFacts) -> Reading {
        switch facts.tools {
        case ...0: .silent
        case 1...4:
            Reading(
                [.init(.balanced, 1), .init(.economy, -0.5)],
                facts.tools == 1 ? "1 tool" : "\(facts.tools) tools"
            )
        case 5...15:
            Reading([.init(.balanced, 1.5), .init(.quality, 0.5), .init(.economy, -1)], "\(facts.tools) tools")
        default: Reading([.init(.quality, 1.5), .init(.balanced, 1), .init(.economy, -2)], "\(facts.tools) tools")
        }
    }
}
