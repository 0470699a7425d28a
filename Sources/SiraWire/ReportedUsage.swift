package import SiraCore

/// What a provider says that an attempt has consumed.
package struct ReportedUsage: Hashable, Sendable {
    /// The figures; those that the provider leaves out are 0.
    package var usage: Usage
    /// Whether the length of the prompt is not told.
    package var lacksInput = false
    /// Whether the length of the answer is not told.
    package var lacksOutput = false

    /// What the provider itself says that it charges, if it does.
    package var charge: NanoUSD?

    package init(_ usage: Usage) {
        self.usage = usage
    }

    /// Whether a figure is left out without which the cost cannot be told.
    package var isPartial: Bool { lacksInput || lacksOutput }
}
