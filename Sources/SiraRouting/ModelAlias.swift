/// A name of the operator's own for models: `fast` for `groq/llama-3.3-70b-versatile`, then `openai/gpt-4o-mini`.
package struct ModelAlias: Hashable, Sendable {
    package let name: String
    /// Names that a client could use, other aliases included, in the order in which they are tried.
    ///
    /// The alias's own name among them means what it would mean without the alias.
    package let targets: [String]
    /// Whether the operator calls it a model, which is only a matter of words.
    package let isModel: Bool

    package init(name: String, targets: [String], isModel: Bool = false) {
        self.name = name
        self.targets = targets
        self.isModel = isModel
    }

    /// The name as the beginning of a sentence.
    var subject: String { "The \(isModel ? "model" : "alias") \(name)" }
}
