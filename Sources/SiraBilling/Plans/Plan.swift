package import SiraCore

/// What an organization pays for and gets.
///
/// What is nil is without limit.
package struct Plan: Hashable, Sendable {
    /// What a plan may open: the closed list, of which each has an effect.
    package enum Feature: String, Hashable, Sendable, CaseIterable {
        /// What was saved, and the fee on it, for the organization's own people.
        case savingsReports = "savings_reports"
    }

    /// What becomes of requests beyond the quota of tokens.
    package enum Overage: String, Hashable, Sendable, CaseIterable {
        /// They are refused until the month ends.
        case block
        /// They are served and charged for.
        case charge
    }

    package var id: String
    package var name: String
    /// By the month, in advance.
    package var price: NanoUSD
    /// What of the month's usage is paid with the price.
    package var includedCredit: NanoUSD
    /// Tokens of prompts and answers in a month.
    package var monthlyTokens: Int64?
    package var keys: Int64?
    package var projects: Int64?
    package var users: Int64?
    package var requestsPerMinute: Int64?
    package var tokensPerMinute: Int64?
    package var features: Set<Feature>
    package var overage: Overage

    package init(id: String, name: String, price: NanoUSD = .zero, overage: Overage = .block) {
        self.id = id
        self.name = name
        self.price = price
        includedCredit = .zero
        features = []
        self.overage = overage
    }

    /// Whether the plan opens the feature.
    package func allows(_ feature: Feature) -> Bool { features.contains(feature) }
}
