extension Call {
    /// Takes out of the call what a model refuses to be told of how it chooses tokens.
    ///
    /// What is at its default says nothing, and goes without a word.
    ///
    /// - Parameter effort: the one that the model is asked to make; nil when it is left to the model.
    /// - Returns: the JSON paths of what asked for something.
    package mutating func removeRefusedSampling(by traits: ModelTraits, at effort: Reasoning.Effort?) -> [String] {
        if traits.refusesSampling(at: effort) { return removeSampling() }
        let asks = (sampling.temperature ?? 1, sampling.topP ?? 1)
        guard traits.refuses.contains(.samplingPair), sampling.temperature != nil, sampling.topP != nil else {
            return []
        }
        // Of the two the one that changes nothing is left out; where both do, the temperature stays.
        if asks.0 == 1, asks.1 != 1 {
            sampling.temperature = nil
            return []
        }
        sampling.topP = nil
        return asks.1 == 1 ? [] : [path(of: .topP)]
    }

    private mutating func removeSampling() -> [String] {
        var fields: [CallField] = []
        if sampling.temperature ?? 1 != 1 { fields.append(.temperature) }
        if sampling.topP ?? 1 != 1 { fields.append(.topP) }
        if sampling.topK != nil { fields.append(.topK) }
        if sampling.presencePenalty ?? 0 != 0 { fields.append(.presencePenalty) }
        if sampling.frequencyPenalty ?? 0 != 0 { fields.append(.frequencyPenalty) }
        if logprobs != nil { fields.append(.logprobs) }
        sampling.temperature = nil
        sampling.topP = nil
        sampling.topK = nil
        sampling.presencePenalty = nil
        sampling.frequencyPenalty = nil
        logprobs = nil
        return fields.map { path(of: $0) }
    }
}
