internal import SiraJSON
internal import SiraWire

/// How the model is told to think, in the fields that Converse hands on to its maker, and what that leaves of the
/// other parameters.
///
/// An effort becomes a budget for Anthropic's models: 1,024 tokens for low, 2,048 for medium, 16,384 for high, 32,768
/// above, at most three quarters of the output limit, since thoughts are part of the output. 1,024 is the least; below
/// an output limit of that, the model does not think. Without a limit Bedrock takes the model's greatest.
struct ThinkingFields {
    enum Mode: Equatable {
        case unsaid, off, adaptive
        case budget(Int)
        /// The maker's word for the effort.
        case word(String)
    }

    private(set) var mode = Mode.unsaid
    /// The word for the effort beside adaptive thinking.
    private(set) var effort: String?
    /// What was left out.
    private(set) var dropped: [String] = []

    private static let leastBudget = 1_024

    init(_ call: Call, _ target: TargetModel, _ family: ModelFamily, lacksThought: Bool) {
        let wish = call.reasoning
        guard target.thinks != false else {
            if wish.isWanted { dropped = wish.paths }
            return
        }
        guard family.takesAnthropicFields else {
            planWord(wish, target, family)
            return
        }
        switch (wish.mode, wish.effort) {
        case (nil, nil): return
        case (.off, _): mode = .off
        case (nil, Reasoning.Effort.none?): mode = target.traits.thinking == .effort ? .off : .unsaid
        case (nil, _) where lacksThought:
            // Anthropic's models refuse to think after a call of a tool that no thought led to.
            dropped = wish.paths
        case (.budget(let budget), _): mode = .budget(budget)
        case (.adaptive, let effort):
            mode = .adaptive
            self.effort = effort.map(Self.word)
        case (nil, let effort?) where target.traits.thinking == .effort:
            mode = .adaptive
            self.effort = Self.word(effort)
        case (nil, let effort?): plan(Self.budget(effort), limit: call.sampling.outputLimit, paths: wish.paths)
        }
    }

    private mutating func plan(_ budget: Int, limit: Int?, paths: [String]) {
        guard let limit else {
            mode = .budget(budget)
            return
        }
        if limit > Self.leastBudget {
            mode = .budget(max(Self.leastBudget, min(budget, limit / 4 * 3)))
        } else {
            dropped = paths
        }
    }

    /// For makers whose models are told by word, or not at all.
    private mutating func planWord(_ wish: Reasoning, _ target: TargetModel, _ family: ModelFamily) {
        guard wish.isWanted else {
            // Only Anthropic's can be told not to think.
            if wish.mode == .off, family != .nova { dropped = wish.paths }
            return
        }
        let isAble = family == .openai || family == .qwen || (family == .nova && target.name.contains("nova-2"))
        guard isAble else {
            dropped = wish.paths
            return
        }
        switch wish.effort {
        case .low, .minimal, Reasoning.Effort.none?: mode = .word("low")
        case .medium: mode = .word("medium")
        case .high, .xhigh, .max: mode = .word("high")
        case nil:
            mode = .word("medium")
            dropped = wish.paths
        }
    }

    private static func budget(_ effort: Reasoning.Effort) -> Int {
        switch effort {
        case .none, .minimal, .low: 1_024
        case .medium: 2_048
        case .high: 16_384
        case .xhigh, .max: 32_768
        }
    }

    private static func word(_ effort: Reasoning.Effort) -> String {
        switch effort {
        case .none, .minimal: "low"
        default: effort.rawValue
        }
    }

    /// Whether one of Anthropic's models thinks, which forbids it some ways of sampling, and to be forced to a tool.
    var restrictsSampling: Bool {
        switch mode {
        case .adaptive, .budget: true
        case .unsaid, .off, .word: false
        }
    }

    /// Writes the members of `additionalModelRequestFields`.
    func write(for family: ModelFamily, display: String?, into json: inout JSONWriter) {
        switch (mode, family) {
        case (.unsaid, _): break
        case (.off, _): json.object("thinking") { $0.member("type", "disabled") }
        case (.adaptive, _), (.budget, _):
            json.object("thinking") {
                if case .budget(let tokens) = mode {
                    $0.member("type", "enabled")
                    $0.member("budget_tokens", tokens)
                } else {
                    $0.member("type", "adaptive")
                }
                if let display { $0.member("display", display) }
            }
            if let effort { json.object("output_config") { $0.member("effort", effort) } }
        case (.word(let word), .nova):
            json.object("reasoningConfig") {
                $0.member("type", "enabled")
                $0.member("maxReasoningEffort", word)
            }
        case (.word(let word), .qwen): json.member("reasoning_config", word)
        case (.word(let word), _): json.member("reasoning_effort", word)
        }
    }
}
