package import SiraCatalog
internal import SiraCore
package import SiraSignals

/// What a model must have so that it can answer a request.
package struct Requirements: Hashable, Sendable {
    package var capabilities: Capabilities = []
    /// Tokens of the prompt, and of the answer as far as the client reserves them.
    package var tokens = 0

    package init() {}

    package init(_ facts: RequestFacts) {
        if facts.hasImages { capabilities.insert(.vision) }
        if facts.hasAudio { capabilities.insert(.audioInput) }
        if facts.tools > 0 { capabilities.insert(.tools) }
        if facts.wantsJSON { capabilities.insert(.jsonSchema) }
        if facts.wantsReasoning { capabilities.insert(.reasoning) }
        let (sum, overflow) = max(0, facts.promptTokens).addingReportingOverflow(max(0, facts.outputLimit ?? 0))
        tokens = overflow ? .max : sum
    }

    /// Why the model cannot answer; nil where it can, as far as is known.
    ///
    /// A model of which nothing is known is taken to have everything.
    package func refusal(of model: Model?) -> RejectionCause? {
        guard let model else { return nil }
        if !model.capabilities.isEmpty, !model.capabilities.isSuperset(of: capabilities) {
            return .capability(capabilities.subtracting(model.capabilities))
        }
        if let context = model.context, tokens > context { return .context(needed: tokens, limit: context) }
        return nil
    }
}

extension Deployment {
    /// How good the model's answers are, 0 to 1; nil when it is not rated.
    package var quality: Double? { model?.quality }

    /// Why the provider does not serve the model any more; nil when it does.
    func retirement(at time: Timestamp) -> RejectionCause? {
        guard let day = model?.retiresOn, day.start <= time else { return nil }
        return .retired(day)
    }
}
