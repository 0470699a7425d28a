import SiraWire
import Testing

@Suite struct SamplingPlanTests {
    private func plan(_ temperature: Double?, _ topP: Double?, topK: Int? = nil, thinks: Bool) -> SamplingPlan {
        var wish = Sampling()
        (wish.temperature, wish.topP, wish.topK) = (temperature, topP, topK)
        return SamplingPlan(wish, thinks: thinks)
    }

    @Test func `a model that does not think gets all, the temperature on its own scale`() {
        let made = plan(0.5, 0.5, topK: 5, thinks: false)
        #expect(made.temperature == 0.5 && made.topP == 0.5 && made.topK == 5 && made.dropped.isEmpty)
        let hot = plan(1.5, nil, thinks: false)
        #expect(hot.temperature == 1 && hot.dropped == [.temperature])
    }

    @Test func `a model that thinks takes little`() {
        let made = plan(0.5, 0.5, topK: 5, thinks: true)
        #expect(made.temperature == nil && made.topP == nil && made.topK == nil)
        #expect(made.dropped == [.temperature, .topP, .topK])
        let near = plan(1, 0.95, thinks: true)
        #expect(near.temperature == 1 && near.topP == 0.95 && near.dropped.isEmpty)
    }
}
