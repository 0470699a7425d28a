internal import SiraJSON
internal import SiraWire

/// How the model is told to think, in the fields that Converse hands on to its maker, and what that leaves of the
/// other parameters.
///
/// Anthropic's models are told as ``ThinkingPlan`` says, others by their maker's word for the effort.
struct ThinkingFields {
    /// For Anthropic's models.
    private var plan: ThinkingPlan?
    /// The maker's word for the effort, for others.
    private var word: String?
    /// Whether the model refuses to be made to call a tool while it thinks as it finds right.
    private let refusesForcedTools: Bool
    /// What was left out.
    private(set) var dropped: [String] = []

    init(_ call: Call, _ target: TargetModel, _ family: ModelFamily, lacksThought: Bool) {
        let wish = call.reasoning
        refusesForcedTools = target.traits.refuses.contains(.forcedToolInThought)
        guard family.takesAnthropicFields else {
            if target.thinks != false {
                planWord(wish, target, family)
            } else if wish.isWanted {
                dropped = wish.paths
            }
            return
        }
        // Without a limit Bedrock takes the model's greatest. A tool need not be used where the model is to think.
        let circumstances = ThinkingPlan.Circumstances(
            outputLimit: call.sampling.outputLimit,
            isForced: false,
            lacksThought: lacksThought
        )
        let plan = ThinkingPlan(wish, target, circumstances)
        dropped = plan.dropped
        self.plan = plan
    }

    /// For makers whose models are told by word, or not at all.
    private mutating func planWord(_ wish: Reasoning, _ target: TargetModel, _ family: ModelFamily) {
        var traits = target.traits
        if traits.efforts.isEmpty { traits.efforts = [.low, .medium, .high] }
        let isAble = family == .openai || family == .qwen || (family == .nova && target.name.contains("nova-2"))
        guard wish.isWanted else {
            let isOff = wish.mode == .off || wish.effort == Reasoning.Effort.none
            if isAble, isOff, traits.efforts.contains(.none) {
                word = Reasoning.Effort.none.rawValue
            } else if isOff, family != .nova {
                // Nova thinks only when it is told to; of the others few can be told not to.
                dropped = wish.paths
            }
            return
        }
        guard isAble else {
            dropped = wish.paths
            return
        }
        let known = traits.nearest(to: wish.effort ?? .medium)
        word = known.rawValue
        if known != wish.effort { dropped = wish.paths }
    }

    /// Whether one of Anthropic's models thinks, which forbids it some ways of sampling.
    var restrictsSampling: Bool { plan?.thinks == true }

    /// Whether it thinks in the way in which it cannot be forced to use a tool.
    var forbidsForcedTools: Bool {
        switch plan?.mode {
        case .budget?: true
        case .adaptive?: refusesForcedTools
        case .off?, .unsaid?, nil: false
        }
    }

    /// Writes the members of `additionalModelRequestFields`.
    func write(for family: ModelFamily, into json: inout JSONWriter) {
        plan?.writeThinking(into: &json)
        if let effort = plan?.effort { json.object("output_config") { $0.member("effort", effort.rawValue) } }
        guard let word else { return }
        switch family {
        case .nova:
            json.object("reasoningConfig") {
                $0.member("type", "enabled")
                $0.member("maxReasoningEffort", word)
            }
        case .qwen: json.member("reasoning_config", word)
        default: json.member("reasoning_effort", word)
        }
    }
}
