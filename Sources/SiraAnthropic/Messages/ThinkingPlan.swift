internal import SiraWire

/// How the model is told to think, and what that leaves of the other parameters.
///
/// A client that asks for an effort gets a budget: 1,024 tokens for low, 4,096 for medium, 16,384 for high, 32,768
/// above, at most three quarters of the output limit, since thoughts are part of the output. The least that
/// Anthropic takes is 1,024; below an output limit of that, the model does not think. Without a limit from the
/// client or the catalogue, the budget comes on top of the default, so that the answer keeps its room.
struct ThinkingPlan {
    enum Mode {
        case unsaid, off, adaptive
        case budget(Int)
    }

    private(set) var mode = Mode.unsaid
    /// The word for the effort, where the model is told by word.
    private(set) var effort: String?
    private(set) var outputLimit: Int
    /// What was left out.
    private(set) var dropped: [String] = []

    /// The output limit where nobody gives one; Anthropic demands it.
    static let defaultOutputLimit = 4_096
    private static let leastBudget = 1_024

    init(_ call: Call, _ target: TargetModel, lacksThought: Bool) {
        let knownLimit = call.sampling.outputLimit ?? target.maxOutput
        let isToldByEffort = target.traits.thinking == .effort
        outputLimit = knownLimit ?? Self.defaultOutputLimit
        guard target.thinks != false else {
            if call.reasoning.isWanted { dropped = call.reasoning.paths }
            return
        }
        let isForced =
            switch call.toolChoice {
            case .required, .named, .among(_, isRequired: true): true
            case .auto, .among(_, isRequired: false), ToolChoice.none?, nil: false
            }

        switch (call.reasoning.mode, call.reasoning.effort) {
        case (nil, nil): return
        case (.off, _): mode = .off
        case (nil, Reasoning.Effort.none?): mode = isToldByEffort ? .off : .unsaid
        case _ where isForced || (lacksThought && call.reasoning.mode == nil):
            // Anthropic refuses thinking together with a tool that must be used, and after a call without thoughts.
            dropped = call.reasoning.paths
        case (.budget(let budget), _):
            mode = .budget(budget)
            if knownLimit == nil { outputLimit += budget }
        case (.adaptive, let effort):
            mode = .adaptive
            self.effort = effort.map(Self.word)
        case (nil, let effort?):
            if isToldByEffort {
                mode = .adaptive
                self.effort = Self.word(effort)
            } else {
                plan(budget: Self.budget(effort), knownLimit: knownLimit, paths: call.reasoning.paths)
            }
        }
    }

    private mutating func plan(budget: Int, knownLimit: Int?, paths: [String]) {
        guard let knownLimit else {
            outputLimit += budget
            mode = .budget(budget)
            return
        }
        if knownLimit > Self.leastBudget {
            mode = .budget(max(Self.leastBudget, min(budget, knownLimit / 4 * 3)))
        } else {
            dropped = paths
        }
    }

    private static func budget(_ effort: Reasoning.Effort) -> Int {
        switch effort {
        case .none, .minimal, .low: 1_024
        case .medium: 4_096
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

    /// Whether the model thinks, which forbids it some ways of sampling.
    var thinks: Bool {
        switch mode {
        case .adaptive, .budget: true
        case .unsaid, .off: false
        }
    }
}
