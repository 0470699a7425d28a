internal import SiraWire

/// The effort that a model of OpenAI's protocols is asked to make.
///
/// A budget becomes the effort that it is the size of. A model that thinks as it finds right is told nothing, nor is one
/// that cannot think, which would refuse.
struct EffortPlan {
    /// Nil where nothing is said.
    private(set) var effort: Reasoning.Effort?
    /// Paths of what is not done as it was asked.
    private(set) var dropped: [String] = []

    init(_ reasoning: Reasoning, to target: TargetModel) {
        guard target.thinks != false else {
            if reasoning.isWanted { dropped = reasoning.paths }
            return
        }
        switch (reasoning.mode, reasoning.effort) {
        case (.adaptive, nil), (nil, nil): break
        case (.off, _): turnOff(reasoning, target)
        case (nil, Reasoning.Effort.none?):
            // The client's own word goes to models of which nothing is known.
            if target.knowsEfforts || target.thinks == true {
                turnOff(reasoning, target)
            } else {
                effort = Reasoning.Effort.none
            }
        case (.budget, let wish?):
            set(wish, reasoning, target)
            // Two wishes, of which one has a word here.
            dropped += reasoning.paths.filter { !$0.hasSuffix("effort") && !dropped.contains($0) }
        case (_, let wish?): set(wish, reasoning, target)
        case (.budget(let tokens), nil):
            set(tokens <= 2_048 ? .low : tokens <= 8_192 ? .medium : .high, reasoning, target)
        }
    }

    /// Asks for no thought, or for as little as the model can be told to spend on it.
    private mutating func turnOff(_ reasoning: Reasoning, _ target: TargetModel) {
        guard target.knowsEfforts else {
            // No word of it is known to be understood: what is known to think goes on thinking.
            if reasoning.effort == Reasoning.Effort.none, !target.traits.refuses.contains(.thoughtlessness) {
                effort = Reasoning.Effort.none
            } else if target.thinks == true {
                dropped = reasoning.effortPaths
            }
            return
        }
        effort = target.traits.nearest(to: .none)
        if effort != Reasoning.Effort.none { dropped = reasoning.effortPaths }
    }

    private mutating func set(_ wish: Reasoning.Effort, _ reasoning: Reasoning, _ target: TargetModel) {
        // The greatest effort is a word that few know.
        let word = target.knowsEfforts ? target.traits.nearest(to: wish) : wish == .max ? .xhigh : wish
        effort = word
        if word != wish { dropped = reasoning.effortPaths }
    }
}

extension TargetModel {
    /// Whether the words for its efforts are known.
    fileprivate var knowsEfforts: Bool { !traits.efforts.isEmpty }
}

extension Reasoning {
    /// The paths of the fields that name an effort; of all that say how to think, where none does.
    fileprivate var effortPaths: [String] {
        let named = paths.filter { $0.hasSuffix("effort") }
        return named.isEmpty ? paths : named
    }
}
