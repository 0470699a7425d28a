package import SiraCore

/// Where sums over records are read.
package protocol RollupStore: Sendable {
    /// The sums asked for, ordered by time, then by the other dimensions in the order of ``RollupDimension``, unless
    /// the query wants another order. Groups without records are not there.
    func totals(_ query: RollupQuery) async throws -> [RollupLine]

    /// From when on the sums tell all that records tell; nil when they always did.
    ///
    /// Sums from before an upgrade lack what only later versions count.
    func completeSince() async throws -> Timestamp?
}

extension RollupStore {
    package func completeSince() async throws -> Timestamp? { nil }
}

/// What sums can be broken down by.
package enum RollupDimension: UInt8, Sendable, CaseIterable {
    case time, tag, organization, team, project, key, requestedModel, provider, model

    /// Where a line has its name; nil for time.
    package var name: WritableKeyPath<RollupLine, String?>? {
        switch self {
        case .time: nil
        case .tag: \.tag
        case .organization: \.organization
        case .team: \.team
        case .project: \.project
        case .key: \.key
        case .requestedModel: \.requestedModel
        case .provider: \.provider
        case .model: \.model
        }
    }
}

/// A sum; what it was not broken down by is nil.
package struct RollupLine: Hashable, Sendable {
    package var start: Timestamp?
    package var tag: String?
    package var organization: String?
    package var team: String?
    package var project: String?
    package var key: String?
    package var requestedModel: String?
    package var provider: String?
    package var model: String?
    package var totals: UsageTotals

    package init(totals: UsageTotals) {
        self.totals = totals
    }
}
