import SiraCore
import SiraJSON
import SiraWire
import Testing

@Suite struct ThinkingPlanTests {
    private func wish(_ effort: Reasoning.Effort?, _ mode: Reasoning.Mode? = nil) -> Reasoning {
        var wish = Reasoning()
        wish.effort = effort
        wish.mode = mode
        if mode != nil { wish.paths.append("thinking") }
        if effort != nil { wish.paths.append("reasoning_effort") }
        return wish
    }

    private func plan(
        _ wish: Reasoning,
        _ ways: ModelTraits.ThinkingWays,
        limit: Int? = nil,
        isForced: Bool = false,
        lacksThought: Bool = false,
        refuses: ModelTraits.Refusals = [],
        efforts: [Reasoning.Effort] = []
    ) -> ThinkingPlan {
        var traits = ModelTraits()
        (traits.thinking, traits.refuses, traits.efforts) = (ways, refuses, efforts)
        return ThinkingPlan(
            wish,
            TargetModel(name: "m", quirks: Quirks(), traits: traits),
            ThinkingPlan.Circumstances(outputLimit: limit, isForced: isForced, lacksThought: lacksThought)
        )
    }

    @Test(arguments: [
        (1_024, Reasoning.Effort.low), (2_047, .low), (2_048, .medium), (16_383, .medium), (16_384, .high),
        (40_000, .xhigh),
    ])
    func `a model told by effort only gets the effort that a number stands for`(
        tokens: Int,
        effort: Reasoning.Effort
    ) {
        let made = plan(wish(nil, .budget(tokens)), .effort, limit: 500)
        #expect(made.mode == .adaptive && made.effort == effort)
        #expect(made.dropped == ["thinking"])
    }

    @Test func `a model told by number only gets one for the adaptive way`() {
        #expect(plan(wish(nil, .adaptive), .budget).mode == .budget(2_048))
        let high = plan(wish(.high, .adaptive), .budget)
        #expect(high.mode == .budget(16_384) && high.effort == nil)
        #expect(high.dropped == ["thinking", "reasoning_effort"])
    }

    @Test func `a model told either way keeps what is asked`() {
        let both: ModelTraits.ThinkingWays = [.budget, .effort]
        #expect(plan(wish(nil, .budget(5_000)), both).mode == .budget(5_000))
        #expect(plan(wish(nil, .adaptive), both).mode == .adaptive)
        let effort = plan(wish(.medium), both)
        #expect(effort.mode == .adaptive && effort.effort == .medium && effort.dropped.isEmpty)
        let beside = plan(wish(.low, .budget(5_000)), both)
        #expect(beside.mode == .budget(5_000) && beside.effort == .low && beside.dropped.isEmpty)
        #expect(plan(wish(.low, .budget(5_000)), .budget).dropped == ["reasoning_effort"])
    }

    @Test func `an effort that the model does not know is the nearest, and named`() {
        let made = plan(wish(.xhigh), .effort, efforts: [.low, .medium, .high, .max])
        #expect(made.effort == .high && made.dropped == ["reasoning_effort"])
        let least = plan(wish(.minimal), .effort)
        #expect(least.effort == .low && least.dropped == ["reasoning_effort"])
    }

    @Test func `not to think is said only to models that can be told`() {
        #expect(plan(wish(Reasoning.Effort.none), .effort).mode == .off)
        #expect(plan(wish(Reasoning.Effort.none), .budget).mode == .unsaid)
        #expect(plan(wish(nil, .off), .budget).mode == .off)
        for wish in [wish(Reasoning.Effort.none), wish(nil, .off)] {
            let made = plan(wish, .effort, refuses: .thoughtlessness)
            #expect(made.mode == .unsaid && made.dropped == wish.paths)
        }
        let beside = plan(wish(.high, .off), .effort)
        #expect(beside.mode == .off && beside.effort == .high)
        #expect(plan(wish(.high, .off), .budget).dropped == ["reasoning_effort"])
    }

    @Test(
        arguments: [
            (500, nil, 1_024), (9_000, 8_000, 6_000), (8_000, 8_000, 6_000), (1_024, 1_025, 1_024), (500, 1_100, 1_024),
            (2_000, 1_100, 1_024),
        ] as [(Int, Int?, Int)]
    )
    func `a number that Anthropic refuses is changed and named`(asked: Int, limit: Int?, made: Int) {
        let plan = plan(wish(nil, .budget(asked)), [], limit: limit)
        #expect(plan.mode == .budget(made))
        #expect(plan.dropped == (asked == made ? [] : ["thinking"]))
    }

    @Test func `a number that Anthropic takes stays, however near to the limit`() {
        let made = plan(wish(nil, .budget(7_999)), [], limit: 8_000)
        #expect(made.mode == .budget(7_999) && made.dropped.isEmpty)
    }

    @Test func `without room, after a call without a thought, and where a tool is forced there is no number`() {
        for wish in [wish(nil, .budget(2_000)), wish(.high)] {
            for made in [
                plan(wish, .budget, limit: 1_024), plan(wish, .budget, lacksThought: true),
                plan(wish, [], isForced: true),
            ] {
                #expect(made.mode == .unsaid && made.dropped == wish.paths)
                #expect(!made.thinks)
            }
        }
        // The adaptive way goes with both.
        #expect(plan(wish(.high), .effort, isForced: true, lacksThought: true).mode == .adaptive)
    }

    @Test func `whether thoughts are shown is said with the way of thinking`() {
        var shown = wish(.low)
        shown.display = "summarized"
        var json = JSONWriter()
        json.object { plan(shown, .effort).writeThinking(into: &$0) }
        #expect(
            String(decoding: json.bytes, as: UTF8.self) == #"{"thinking":{"type":"adaptive","display":"summarized"}}"#
        )
        var silent = Reasoning()
        silent.display = "summarized"
        #expect(plan(silent, .effort).mode == .unsaid)
        #expect(plan(silent, .effort, refuses: .thoughtlessness).mode == .adaptive)
    }
}
