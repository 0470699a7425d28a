internal import SiraJSON
internal import SiraWire

/// How the model is told to think.
///
/// From the third generation on by a word, before by a number of tokens: for a word 1,024 tokens are low, 8,192 medium
/// and 24,576 high, as in Google's own translation of OpenAI's words (https://ai.google.dev/gemini-api/docs/openai).
/// The larger models, and all of the third generation, cannot be kept from thinking; they are told to think as little as
/// they can.
struct ThoughtPlan {
    private let model: GeminiModel
    private let efforts: [Reasoning.Effort]
    private let paths: [String]
    private var level: Reasoning.Effort?
    private var budget: Int?
    private var shows: Bool?
    /// What was left out, or is not done as it was asked.
    private(set) var dropped: [String] = []

    init(_ reasoning: Reasoning, _ model: GeminiModel, thinks: Bool?, traits: ModelTraits = ModelTraits()) {
        self.model = model
        efforts = traits.efforts.isEmpty ? model.levels : traits.efforts
        paths = reasoning.paths
        guard thinks != false else {
            if reasoning.isWanted { dropped = paths }
            return
        }
        switch (reasoning.mode, reasoning.effort) {
        case (nil, nil): break
        case (.off, _), (nil, Reasoning.Effort.none?): turnOff()
        case (.budget(let tokens), _): set(budget: tokens)
        case (.adaptive, nil): if !model.isThirdGeneration { budget = -1 }
        case (_, let effort?): set(effort)
        }
        if reasoning.isWanted { shows = true }
        if let display = reasoning.display { shows = display != GenerateCallReader.hidden }
    }

    /// The effort that the model is asked to make; nil where it is told none, or a number.
    var effort: Reasoning.Effort? { budget == 0 ? Reasoning.Effort.none : level }

    private mutating func turnOff() {
        guard model.isThirdGeneration else {
            budget = model.budgets?.off ?? 0
            if budget != 0 { dropped = paths }
            return
        }
        set(Reasoning.Effort.none)
    }

    private mutating func set(budget tokens: Int) {
        let range = model.budgets?.range ?? 0...Int.max
        let most = min(max(tokens, range.lowerBound), range.upperBound)
        if most != tokens { dropped = paths }
        budget = most
    }

    private mutating func set(_ effort: Reasoning.Effort) {
        guard model.isThirdGeneration else {
            switch effort {
            case .none, .minimal, .low: budget = 1_024
            case .medium: budget = 8_192
            case .high, .xhigh, .max: budget = 24_576
            }
            return
        }
        var traits = ModelTraits()
        traits.efforts = efforts
        let nearest = traits.nearest(to: effort)
        if nearest != effort { dropped = paths }
        level = nearest
    }

    func write(into json: inout JSONWriter) {
        guard level != nil || budget != nil || shows != nil else { return }
        json.object("thinkingConfig") {
            if let level { $0.member("thinkingLevel", level.rawValue.uppercased()) }
            if let budget { $0.member("thinkingBudget", budget) }
            if let shows { $0.member("includeThoughts", shows) }
        }
    }
}

extension GeminiModel {
    /// The words for efforts that models of the third generation know, where the catalogue does not tell.
    fileprivate var levels: [Reasoning.Effort] { isPro ? [.low, .medium, .high] : [.minimal, .low, .medium, .high] }

    /// How many tokens of thought models of the second generation can be told to spend, and what comes nearest to none;
    /// nil for others (https://ai.google.dev/gemini-api/docs/thinking).
    fileprivate var budgets: (range: ClosedRange<Int>, off: Int)? {
        guard generation == 2 else { return nil }
        if isPro { return (128...32_768, 128) }
        return (isLite ? 512...24_576 : 1...24_576, 0)
    }
}
