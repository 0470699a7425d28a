package import SiraCore

/// What a provider says that an attempt has consumed.
package struct ReportedUsage: Hashable, Sendable {
    /// The figures; those that the provider leaves out are 0.
    package var usage: Usage
    /// Whether the length of the prompt is not told.
    package var lacksInput = false
    /// Whether the length of the answer is not told.
    package var lacksOutput = false

    /// Whether something was billed besides that ``Usage`` has no count for, such as the work of another model.
    package var hasMore = false
    /// What the provider itself says that it charges, if it does.
    package var charge: NanoUSD?
    /// The tier of service that the request was served with, in the provider's word; nil where it says none.
    package var serviceTier: String?

    package init(_ usage: Usage) {
        self.usage = usage
    }

    /// Whether the cost cannot be told from the figures.
    package var isPartial: Bool { lacksInput || lacksOutput || hasMore }
}
