/// What a limit, a budget or a price is about: the whole gateway, one tenant, one model, or each of a kind by itself.
///
/// Written `gateway`, or kind and name: `team:team_4Fq…`, `model:gpt-5-mini`, `user:*`.
package struct Scope: Hashable, Sendable {
    /// What kinds of things requests are counted by.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case gateway, organization, team, project, user, key, model, provider, tag
    }

    package let kind: Kind
    /// The id of the tenant or the name of the model, provider, user or tag; empty for the gateway.
    package let name: String

    package init(_ kind: Kind, _ name: String) {
        self.kind = kind
        self.name = name
    }

    /// All requests together.
    package static let gateway = Scope(.gateway, "")

    /// Whether each thing of the kind is counted by itself, whatever its name.
    package var isEach: Bool { name == "*" }

    /// Whether what is counted are requests to one deployment rather than those of one tenant.
    package var isOfSupply: Bool { kind == .model || kind == .provider }
}

extension Scope: CustomStringConvertible {
    package var description: String { kind == .gateway ? kind.rawValue : "\(kind.rawValue):\(name)" }

    /// Reads what ``description`` writes; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = halves.first, let kind = Kind(rawValue: String(first)) else { return nil }
        guard kind != .gateway else {
            guard halves.count == 1 else { return nil }
            self = .gateway
            return
        }
        guard halves.count == 2, !halves[1].isEmpty else { return nil }
        self.init(kind, String(halves[1]))
    }
}
