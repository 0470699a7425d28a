package import SiraCore

/// What a client wants of the choice among models and providers, beside the model's name.
///
/// Written after the model's name, `auto:cheapest&quality>=0.8`, or in headers. `docs/routing-language.md` has it all.
package struct Objective: Hashable, Sendable {
    package var goal: Goal?
    /// From 0 to 1.
    package var leastQuality: Double?
    /// The longest time to the first token.
    package var mostFirstToken: Duration?
    /// What the request may cost at most, as estimated.
    package var mostPrice: NanoUSD?
    /// For a million tokens of the prompt.
    package var mostInputPrice: NanoUSD?
    /// For a million tokens of the answer.
    package var mostOutputPrice: NanoUSD?
    /// Tokens a second.
    package var leastThroughput: Double?
    /// Tokens that fit into prompt and answer together.
    package var leastContext: Int?
    /// The providers that may be asked, in lower case; empty for all.
    package var only: [String] = []
    /// The providers that are asked first, in this order.
    package var order: [String] = []
    /// The providers that must not be asked.
    package var ignore: [String] = []
    /// Whether the provider must keep nothing of the request.
    package var wantsZeroRetention = false
    /// The regions of which one must be the provider's, in lower case; empty for all.
    package var regions: [String] = []
    package var required: Set<Capability> = []
    /// Whether another model or provider may answer when the first one fails; nil leaves it to the route.
    package var allowsFallbacks: Bool?

    /// The longest text that is read, in bytes.
    package static let longest = 1_024
    /// The most names of a list.
    package static let longestList = 32

    package init() {}

    /// What the choice aims at within the limits.
    package enum Goal: String, Sendable, CaseIterable {
        case cheapest
        /// The least time to the first token.
        case fastest
        /// The most tokens a second.
        case throughput
        /// The best quality.
        case best
        /// Something of all.
        case balanced
    }

    /// What a model must be able to do.
    package enum Capability: String, Sendable, CaseIterable, Comparable {
        case tools, json, vision, reasoning, audio

        package static func < (left: Capability, right: Capability) -> Bool { left.rawValue < right.rawValue }
    }

    /// Whether nothing is wanted.
    package var isEmpty: Bool { self == Objective() }

    /// Whether a provider may be asked.
    package func admits(provider: String) -> Bool {
        guard !only.isEmpty || !ignore.isEmpty else { return true }
        let name = provider.lowercased()
        return (only.isEmpty || only.contains(name)) && !ignore.contains(name)
    }
}
