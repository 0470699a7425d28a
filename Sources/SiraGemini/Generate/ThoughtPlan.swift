internal import SiraJSON
internal import SiraWire

/// How the model is told to think.
///
/// From the third generation on by a word, before by a number of tokens: for a word 1,024 tokens are low, 8,192 medium
/// and 24,576 high, as in Google's own translation of OpenAI's words (https://ai.google.dev/gemini-api/docs/openai).
/// The larger models cannot be kept from thinking; they are told to think as little as they can.
struct ThoughtPlan {
    private var level: String?
    private var budget: Int?
    private var shows: Bool?
    /// What was left out.
    private(set) var dropped: [String] = []

    init(_ reasoning: Reasoning, _ model: GeminiModel, thinks: Bool?) {
        guard thinks != false else {
            if reasoning.isWanted { dropped = reasoning.paths }
            return
        }
        switch (reasoning.mode, reasoning.effort) {
        case (nil, nil): break
        case (.off, _), (nil, Reasoning.Effort.none?): turnOff(model)
        case (.budget(let tokens), _): budget = tokens
        case (.adaptive, nil): if !model.isThirdGeneration { budget = -1 }
        case (_, let effort?): set(effort, model)
        }
        if reasoning.isWanted { shows = true }
        if let display = reasoning.display { shows = display != GenerateCallReader.hidden }
    }

    private mutating func turnOff(_ model: GeminiModel) {
        if model.isThirdGeneration {
            level = Self.least(model)
        } else {
            // 128 is the least that the larger models of the second generation take.
            budget = model.isPro ? 128 : 0
        }
    }

    private mutating func set(_ effort: Reasoning.Effort, _ model: GeminiModel) {
        guard model.isThirdGeneration else {
            switch effort {
            case .none, .minimal, .low: budget = 1_024
            case .medium: budget = 8_192
            case .high, .xhigh, .max: budget = 24_576
            }
            return
        }
        switch effort {
        case .none, .minimal: level = Self.least(model)
        case .low: level = "LOW"
        case .medium: level = "MEDIUM"
        case .high, .xhigh, .max: level = "HIGH"
        }
    }

    private static func least(_ model: GeminiModel) -> String { model.isPro ? "LOW" : "MINIMAL" }

    func write(into json: inout JSONWriter) {
        guard level != nil || budget != nil || shows != nil else { return }
        json.object("thinkingConfig") {
            if let level { $0.member("thinkingLevel", level) }
            if let budget { $0.member("thinkingBudget", budget) }
            if let shows { $0.member("includeThoughts", shows) }
        }
    }
}
