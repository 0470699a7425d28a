/// What one of Anthropic's models is told of how to choose tokens, whoever serves it.
///
/// What it refuses is left out and named; a temperature or a top-p of 1, which is what it does by itself, is left out
/// where it would be refused, and not named.
///
/// https://platform.claude.com/docs/en/build-with-claude/extended-thinking#feature-compatibility
package struct SamplingPlan: Sendable {
    /// From 0 to 1.
    package private(set) var temperature: Double?
    package private(set) var topP: Double?
    package private(set) var topK: Int?
    /// What was left out or changed, in the client's request.
    package private(set) var dropped: [CallField] = []

    /// - Parameter thinks: whether the model is told to think, which leaves it only its own ways.
    package init(_ wish: Sampling, _ traits: ModelTraits, thinks: Bool) {
        temperature = wish.temperature
        topP = wish.topP
        topK = wish.topK
        if traits.refuses.contains(.sampling) {
            leaveOut(temperature: true, topP: true)
        } else if thinks {
            leaveOut(temperature: temperature != 1, topP: (topP ?? 1) < 0.95)
        }
        if traits.refuses.contains(.samplingPair), let temperature, let topP {
            if topP != 1, temperature == 1 {
                self.temperature = nil
            } else {
                self.topP = nil
                if topP != 1 { dropped.append(.topP) }
            }
        }
        // OpenAI's scale ends at 2, Anthropic's at 1.
        if let temperature, temperature > 1 {
            dropped.append(.temperature)
            self.temperature = 1
        }
    }

    private mutating func leaveOut(temperature leavesTemperature: Bool, topP leavesTopP: Bool) {
        if leavesTemperature, let temperature {
            if temperature != 1 { dropped.append(.temperature) }
            self.temperature = nil
        }
        if leavesTopP, let topP {
            if topP != 1 { dropped.append(.topP) }
            self.topP = nil
        }
        if topK != nil {
            dropped.append(.topK)
            topK = nil
        }
    }
}
