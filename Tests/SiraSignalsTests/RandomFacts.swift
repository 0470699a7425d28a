import SiraCore
import SiraSignals
import SiraTesting

extension RequestFacts {
    /// Facts as they may come, none of them related to another.
    static func random(_ random: inout SeededRandom) -> RequestFacts {
        var facts = RequestFacts()
        facts.model = ["gpt-4o", "claude-sonnet-4-5", "自家模型", ""].randomElement(using: &random) ?? ""
        facts.operation = ["chat", "messages", "response"].randomElement(using: &random) ?? ""
        facts.key = ["alice", "bob", ""].randomElement(using: &random) ?? ""
        facts.tags = [[], ["a"], ["a", "beta"]].randomElement(using: &random) ?? []
        facts.headers = [[:], ["x-team": "red"]].randomElement(using: &random) ?? [:]
        facts.isStream = Bool.random(using: &random)
        facts.promptTokens = [0, 5, 100, 900, 5_000, 30_000, 150_000].randomElement(using: &random) ?? 0
        facts.outputLimit = [nil, 1, 50, 4_096, 32_000].randomElement(using: &random) ?? nil
        facts.turns = Int.random(in: 0...60, using: &random)
        facts.hasImages = Bool.random(using: &random)
        facts.hasAudio = Bool.random(using: &random)
        facts.hasFiles = Bool.random(using: &random)
        facts.tools = [0, 1, 3, 9, 40].randomElement(using: &random) ?? 0
        facts.wantsJSON = Bool.random(using: &random)
        facts.wantsReasoning = Bool.random(using: &random)
        facts.codeShare = Double.random(in: 0...1, using: &random)
        facts.language = Language.allCases.randomElement(using: &random) ?? .other
        facts.task = Task.allCases.randomElement(using: &random) ?? .other
        facts.user = ["u-1", ""].randomElement(using: &random) ?? ""
        facts.session = ["s-1", ""].randomElement(using: &random) ?? ""
        facts.time = Timestamp(microseconds: Int64.random(in: 0...4_000_000_000_000_000, using: &random))
        return facts
    }
}
