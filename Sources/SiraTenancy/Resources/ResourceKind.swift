/// The kinds of things that operators make, change and remove while the gateway runs.
package enum ResourceKind: String, Hashable, Sendable, CaseIterable {
    case organization, team, project, user
    case serviceAccount = "service_account"
    case role, key, limit, budget
    case priceRule = "price_rule"
    case exchangeRate = "exchange_rate"
    case plan
    case alertRule = "alert_rule"
    case alertChannel = "alert_channel"

    /// What ids begin with; they have 11 base-62 digits after it.
    package var idPrefix: String {
        switch self {
        case .organization: "org_"
        case .team: "team_"
        case .project: "proj_"
        case .user: "user_"
        case .serviceAccount: "svc_"
        case .role: "role_"
        case .key: "key_"
        case .limit: "lim_"
        case .budget: "bud_"
        case .priceRule: "price_"
        case .exchangeRate: "rate_"
        case .plan: "plan_"
        case .alertRule: "rule_"
        case .alertChannel: "chan_"
        }
    }

    /// The word in sentences.
    package var noun: String { rawValue.joining("_", by: " ") }

    /// The word in paths and commands, such as `service-accounts`.
    package var path: String { rawValue.joining("_", by: "-") + "s" }

    package var exampleID: String { idPrefix + "4FqZ81bTx0k" }

    /// Whether a text has the form of an id of this kind.
    package func isID(_ text: String) -> Bool {
        text.hasPrefix(idPrefix) && (1...40).contains(text.utf8.count - idPrefix.utf8.count)
            && text.utf8.dropFirst(idPrefix.utf8.count).allSatisfy {
                Base62.value(of: $0) != nil || $0 == 0x2D || $0 == 0x5F
            }
    }

    /// Draws a new id.
    package func drawID(using random: inout some RandomNumberGenerator) -> String {
        idPrefix + String(decoding: Base62.random(count: 11, using: &random), as: UTF8.self)
    }
}

extension String {
    fileprivate func joining(_ old: Character, by new: String) -> String {
        split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    }
}

/// That one thing names another.
package struct ResourceReference: Hashable, Sendable {
    package let kind: ResourceKind
    package let id: String

    package init(kind: ResourceKind, id: String) {
        self.kind = kind
        self.id = id
    }
}

extension Scope.Kind {
    /// The kind of resource whose ids are names of this kind of scope; nil where names are anyone's.
    package var resource: ResourceKind? {
        switch self {
        case .organization: .organization
        case .team: .team
        case .project: .project
        case .key: .key
        case .gateway, .user, .model, .provider, .tag: nil
        }
    }
}
