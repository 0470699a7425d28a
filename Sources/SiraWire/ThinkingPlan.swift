package import SiraJSON

/// How one of Anthropic's models is told to think, whoever serves it.
///
/// They are told by a number of tokens, or by a word for the effort, or either way, as ``ModelTraits/thinking`` says.
/// What the client says the other way is turned: an effort into 1,024 tokens for low, 2,048 for medium, 16,384 for high
/// and 32,768 above; a number into the greatest effort that stands for no more. Thoughts are part of the output, so
/// that a number must stay below the output's limit; one that does not becomes three quarters of it. What is not kept
/// as it was said is named.
///
/// https://platform.claude.com/docs/en/build-with-claude/extended-thinking,
/// https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking
package struct ThinkingPlan: Sendable {
    package enum Mode: Hashable, Sendable {
        case unsaid, off, adaptive
        case budget(Int)
    }

    package private(set) var mode = Mode.unsaid
    /// The word for the effort.
    package private(set) var effort: Reasoning.Effort?
    /// The JSON paths, in the client's request, of what was left out or changed.
    package private(set) var dropped: [String] = []
    private let display: String?
    private let wish: Reasoning
    private let traits: ModelTraits
    private let circumstances: Circumstances

    /// What else of a request decides whether the model can think.
    package struct Circumstances: Sendable {
        /// The most tokens of the answer; nil when nobody says.
        package var outputLimit: Int?
        /// Whether the model must call a tool.
        package var isForced: Bool
        /// Whether it goes on from a call of a tool that no thought of its own led to.
        package var lacksThought: Bool

        package init(outputLimit: Int?, isForced: Bool, lacksThought: Bool) {
            self.outputLimit = outputLimit
            self.isForced = isForced
            self.lacksThought = lacksThought
        }
    }

    /// The least budget that Anthropic takes.
    private static let leastBudget = 1_024

    package init(_ wish: Reasoning, _ target: TargetModel, _ circumstances: Circumstances) {
        self.wish = wish
        traits = target.traits
        self.circumstances = circumstances
        display = wish.display
        guard target.thinks != false else {
            if wish.isWanted { dropped = wish.paths }
            return
        }
        let effort = wish.effort == Reasoning.Effort.none ? nil : wish.effort
        switch wish.mode {
        case .off: turnOff(keeping: effort)
        case .budget(let tokens): plan(budget: tokens, beside: effort)
        case .adaptive: plan(adaptiveWith: effort)
        case nil:
            if let effort {
                plan(effort)
            } else if wish.effort != nil {
                turnOff(keeping: nil)
            } else if wish.display != nil, traits.thinking == .effort, traits.refuses.contains(.thoughtlessness) {
                // It thinks unasked; whether that is shown can be said only together with that it may.
                mode = .adaptive
            }
        }
    }

    private var isToldByEffort: Bool { traits.thinking.contains(.effort) }

    private mutating func turnOff(keeping effort: Reasoning.Effort?) {
        if traits.refuses.contains(.thoughtlessness) {
            dropped = wish.paths
        } else if wish.mode == .off || isToldByEffort {
            // Some think unasked, all of them of those that are told by effort.
            mode = .off
            if let effort { say(effort) }
        }
    }

    private mutating func plan(_ effort: Reasoning.Effort) {
        if isToldByEffort {
            mode = .adaptive
            say(effort)
        } else {
            fit(Self.budget(effort), isExact: false)
        }
    }

    private mutating func plan(adaptiveWith effort: Reasoning.Effort?) {
        if traits.thinking == .budget {
            fit(Self.budget(effort ?? .medium), isExact: false)
            dropped = wish.paths
        } else {
            mode = .adaptive
            if let effort { say(effort) }
        }
    }

    private mutating func plan(budget tokens: Int, beside effort: Reasoning.Effort?) {
        if traits.thinking == .effort {
            mode = .adaptive
            self.effort = traits.nearest(to: effort ?? Self.effort(tokens))
            dropped = wish.paths
        } else {
            fit(tokens, isExact: true)
            if let effort, mode != .unsaid { say(effort) }
        }
    }

    /// Says the effort beside whatever the mode is, where the model knows such words.
    private mutating func say(_ effort: Reasoning.Effort) {
        let paths = wish.paths.filter { $0.hasSuffix("effort") }
        guard isToldByEffort || mode == .adaptive else {
            dropped += paths
            return
        }
        // Anthropic has no word for less than low.
        let known = traits.nearest(to: max(effort, .low))
        if known != effort { dropped += paths.isEmpty ? wish.paths : paths }
        self.effort = known
    }

    /// Plans a number of tokens below the output's limit, where thinking so is possible.
    ///
    /// - Parameter isExact: whether the client has named this number, so that a change of it has to be.
    private mutating func fit(_ tokens: Int, isExact: Bool) {
        // Thinking by a number goes neither with a tool that must be used, nor after a call without a thought. The
        // adaptive way goes with both.
        guard !circumstances.isForced, !circumstances.lacksThought else {
            dropped = wish.paths
            return
        }
        var budget = max(Self.leastBudget, tokens)
        if let limit = circumstances.outputLimit {
            guard limit > Self.leastBudget else {
                dropped = wish.paths
                return
            }
            let most = limit / 4 * 3
            // What the client has named stays, as far as Anthropic takes it.
            if isExact ? (budget >= limit) : (budget > most) { budget = max(Self.leastBudget, most) }
        }
        mode = .budget(budget)
        if isExact, budget != tokens { dropped = wish.paths }
    }

    private static let budgets: [(effort: Reasoning.Effort, tokens: Int)] = [
        (.xhigh, 32_768), (.high, 16_384), (.medium, 2_048), (.low, leastBudget),
    ]

    private static func budget(_ effort: Reasoning.Effort) -> Int {
        budgets.first { $0.effort <= effort }?.tokens ?? leastBudget
    }

    private static func effort(_ tokens: Int) -> Reasoning.Effort {
        budgets.first { $0.tokens <= tokens }?.effort ?? .low
    }

    /// Whether the model thinks, which forbids it some ways of sampling.
    package var thinks: Bool {
        switch mode {
        case .adaptive, .budget: true
        case .unsaid, .off: false
        }
    }

    /// Writes the member `thinking`, if there is something to say.
    package func writeThinking(into json: inout JSONWriter) {
        switch mode {
        case .unsaid: break
        case .off: json.object("thinking") { $0.member("type", "disabled") }
        case .adaptive, .budget:
            json.object("thinking") {
                if case .budget(let tokens) = mode {
                    $0.member("type", "enabled")
                    $0.member("budget_tokens", tokens)
                } else {
                    $0.member("type", "adaptive")
                }
                // Some models show no thoughts unless they are told to.
                if let display { $0.member("display", display) }
            }
        }
    }
}

extension ToolChoice {
    /// Whether a tool must be used, or several.
    package var isForced: Bool {
        switch self {
        case .required, .named, .among(_, isRequired: true): true
        case .auto, .none, .among(_, isRequired: false): false
        }
    }

    /// The same tools to choose from, none of which must be used.
    package var unforced: ToolChoice {
        switch self {
        case .required, .named: .auto
        case .among(let names, _): .among(names, isRequired: false)
        case .auto, .none: self
        }
    }
}
