/// The classes of models that a choice is made among before a model is.
package enum Tier: String, Sendable, CaseIterable {
    /// Cheap and quick; good for plain questions and for moving words about.
    case economy
    case balanced
    /// The best there is, whatever it costs.
    case quality
    /// Models that can read very long prompts.
    case long
}
