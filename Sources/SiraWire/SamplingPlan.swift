/// What one of Anthropic's models is told of how to choose tokens, whoever serves it.
///
/// While it thinks, it refuses any temperature but 1, top-p below 0.95, and top-k. What is refused is left out and named.
/// https://platform.claude.com/docs/en/build-with-claude/extended-thinking#feature-compatibility
package struct SamplingPlan: Sendable {
    /// From 0 to 1.
    package private(set) var temperature: Double?
    package private(set) var topP: Double?
    package private(set) var topK: Int?
    /// What was left out or changed, in the client's request.
    package private(set) var dropped: [CallField] = []

    package init(_ wish: Sampling, thinks: Bool) {
        (temperature, topP, topK) = (wish.temperature, wish.topP, wish.topK)
        if thinks {
            if let temperature, temperature != 1 { leaveOut(.temperature, \.temperature) }
            if let topP, topP < 0.95 { leaveOut(.topP, \.topP) }
            if topK != nil { leaveOut(.topK, \.topK) }
        }
        // OpenAI's scale ends at 2, Anthropic's at 1.
        if let temperature, temperature > 1 {
            dropped.append(.temperature)
            self.temperature = 1
        }
    }

    private mutating func leaveOut<Value>(_ field: CallField, _ path: WritableKeyPath<Self, Value?>) {
        dropped.append(field)
        self[keyPath: path] = nil
    }
}
