import SiraWire
import Testing

@Suite struct ModelTraitsTests {
    private func traits(_ efforts: [Reasoning.Effort]) -> ModelTraits {
        var traits = ModelTraits()
        traits.efforts = efforts
        return traits
    }

    @Test func `an effort that a model knows, or of which nothing is known, stays`() {
        for effort in Reasoning.Effort.allCases {
            #expect(traits([]).nearest(to: effort) == effort)
            #expect(traits(Reasoning.Effort.allCases).nearest(to: effort) == effort)
        }
    }

    @Test func `an effort that a model does not know becomes the nearest, the lesser of two`() {
        let middling = traits([.low, .medium, .high])
        #expect(middling.nearest(to: .minimal) == .low)
        #expect(middling.nearest(to: .max) == .high)
        #expect(middling.nearest(to: .none) == .low)
        #expect(traits([.low, .high]).nearest(to: .medium) == .low)
        #expect(traits([.none, .high]).nearest(to: .low) == .high)
    }

    @Test func `sampling is refused always, or while the model thinks`() {
        var traits = ModelTraits()
        #expect(!traits.refusesSampling(at: .high))
        traits.refuses = .samplingInThought
        #expect(traits.refusesSampling(at: nil))
        #expect(!traits.refusesSampling(at: Reasoning.Effort.none))
        traits.defaultEffort = Reasoning.Effort.none
        #expect(!traits.refusesSampling(at: nil))
        #expect(traits.refusesSampling(at: .low))
        traits.refuses = .sampling
        #expect(traits.refusesSampling(at: Reasoning.Effort.none))
    }

    @Test func `each member has a word`() {
        for (bit, word) in ModelTraits.Refusals.words.enumerated() {
            #expect(ModelTraits.Refusals(word: word, of: ModelTraits.Refusals.words)?.rawValue == 1 << bit)
        }
        #expect(ModelTraits.ThinkingWays(word: "long", of: ModelTraits.ThinkingWays.words) == nil)
    }
}
