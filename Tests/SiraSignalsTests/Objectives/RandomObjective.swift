import SiraCore
import SiraSignals
import SiraTesting

extension Objective {
    /// An objective that does not contradict itself, by chance.
    static func random(_ random: inout SeededRandom) -> Objective {
        var objective = Objective()
        func chance() -> Bool { Int.random(in: 0..<3, using: &random) == 0 }
        func money() -> NanoUSD { NanoUSD(nanos: Int64.random(in: 0...20_000_000_000, using: &random)) }
        if chance() { objective.goal = Goal.allCases.randomElement(using: &random) }
        if chance() { objective.leastQuality = Double(Int.random(in: 0...1_000, using: &random)) / 1_000 }
        if chance() { objective.mostFirstToken = .microseconds(Int64.random(in: 1...3_600_000_000, using: &random)) }
        if chance() { objective.mostPrice = money() }
        if chance() { objective.mostInputPrice = money() }
        if chance() { objective.mostOutputPrice = money() }
        if chance() { objective.leastThroughput = Double(Int.random(in: 1...4_000, using: &random)) / 8 }
        if chance() { objective.leastContext = Int.random(in: 1...1_000_000_000, using: &random) }
        if chance() { objective.only = ["openai", "azure"] }
        if chance() { objective.order = ["azure", "openai"] }
        if chance() { objective.ignore = ["groq", "x.ai/eu"] }
        if chance() { objective.regions = ["eu"] }
        if chance() { objective.wantsZeroRetention = true }
        if chance() { objective.required = [.vision, .audio] }
        if chance() { objective.allowsFallbacks = Bool.random(using: &random) }
        return objective
    }
}
