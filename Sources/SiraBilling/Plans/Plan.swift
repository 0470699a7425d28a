package import SiraCore

/// What an organization pays for and gets.
///
/// What is nil is without limit.
package struct Plan: Hashable, Sendable {
    /// What a plan may open: the closed list.
    package enum Feature: String, Hashable, Sendable, CaseIterable {
        /// The gateway chooses the model.
        case autoRouting = "auto_routing"
        /// Answers from the cache.
        case cache
        /// Requests and answers are checked.
        case guardrails
        /// Experiments on live traffic.
        case experiments
        /// Notices by mail, chat and webhook.
        case alerts
        /// Forecasts, anomalies and advice.
        case insights
        /// What was saved, and the reports of it.
        case savingsReports = "savings_reports"
        /// Records of who changed what can be taken out.
        case auditExport = "audit_export"
        /// People sign in with their organization's own accounts.
        case singleSignOn = "single_sign_on"
        /// Requests come before those of others when not all can be served at once.
        case priority
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
    /// For how long records of requests are kept.
    package var retentionDays: Int64?
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

    /// Things of which a plan allows a number.
    package enum Countable: String, Hashable, Sendable, CaseIterable {
        case keys, projects, users
    }

    /// Whether one more may be made where there are so many.
    package func allowsAnother(_ thing: Countable, beside count: Int64) -> Bool {
        let most: Int64? =
            switch thing {
            case .keys: keys
            case .projects: projects
            case .users: users
            }
        return most.map { count < $0 } ?? true
    }
}
