package import SiraCore

/// What is to be changed to take an ``Advice``, for a program to do.
package enum AdviceChange: Hashable, Sendable {
    /// Requests for one model, of one task where there is one, go to the other.
    case route(from: ModelReference, to: ModelReference, task: String?)
    /// Answers to requests for the model with this key are kept and given again.
    case enableCache(key: String, model: ModelReference)
    /// Requests for the model with this tag go through the provider's batches.
    case useBatch(model: ModelReference, tag: String)
    /// What is the same in all prompts is to come first; `prefix` is its digest, empty where it is not known.
    case orderPrompt(key: String, model: ModelReference, prefix: String)
    /// The key's requests for the model no longer carry these tools.
    case limitTools(key: String, model: ModelReference, without: [String])
    /// The key ends at the time.
    case setKeyExpiry(key: String, at: Timestamp)
}
