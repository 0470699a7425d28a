import SiraWire
import Testing

@Suite struct SamplingPlanTests {
    private func plan(
        _ temperature: Double?,
        _ topP: Double?,
        topK: Int? = nil,
        refuses: ModelTraits.Refusals = [],
        thinks: Bool = false
    ) -> SamplingPlan {
        var (wish, traits) = (Sampling(), ModelTraits())
        (wish.temperature, wish.topP, wish.topK) = (temperature, topP, topK)
        traits.refuses = refuses
        return SamplingPlan(wish, traits, thinks: thinks)
    }

    @Test func `a model that takes all gets all`() {
        let made = plan(0.5, 0.5, topK: 5)
        #expect(made.temperature == 0.5 && made.topP == 0.5 && made.topK == 5 && made.dropped.isEmpty)
        let hot = plan(1.5, nil)
        #expect(hot.temperature == 1 && hot.dropped == [.temperature])
    }

    @Test func `a model that takes none gets none, and what says nothing is not named`() {
        let made = plan(0.5, 0.5, topK: 5, refuses: .sampling)
        #expect(made.temperature == nil && made.topP == nil && made.topK == nil)
        #expect(made.dropped == [.temperature, .topP, .topK])
        let plain = plan(1, 1, refuses: .sampling)
        #expect(plain.temperature == nil && plain.topP == nil && plain.dropped.isEmpty)
    }

    @Test(
        arguments: [
            (0.5, 0.9, 0.5, nil, [CallField.topP]), (1, 0.9, nil, 0.9, []), (0.5, 1, 0.5, nil, []), (1, 1, 1, nil, []),
        ] as [(Double, Double, Double?, Double?, [CallField])]
    )
    func `a model that takes either gets one`(
        temperature: Double,
        topP: Double,
        first: Double?,
        second: Double?,
        dropped: [CallField]
    ) {
        let made = plan(temperature, topP, refuses: .samplingPair)
        #expect(made.temperature == first && made.topP == second && made.dropped == dropped)
        #expect(plan(nil, topP, refuses: .samplingPair).topP == topP)
    }

    @Test func `a model that thinks takes little`() {
        let made = plan(0.5, 0.5, topK: 5, thinks: true)
        #expect(made.dropped == [.temperature, .topP, .topK])
        let near = plan(1, 0.95, thinks: true)
        #expect(near.temperature == 1 && near.topP == 0.95 && near.dropped.isEmpty)
    }
}
