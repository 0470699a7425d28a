package import SiraCore

/// Which sums are asked for.
///
/// What is nil is not looked at.
package struct RollupQuery: Hashable, Sendable {
    /// In which order lines come.
    package enum Order: Hashable, Sendable {
        /// By time, then by the names that they are broken down by.
        case dimensions
        /// The greatest first; lines with equal sums by their dimensions.
        case descending(UsageMeasure)
    }

    /// The slices of time that sums are taken from, and that ``RollupDimension/time`` breaks down by.
    package var period: RollupPeriod
    /// Slices that begin at this time or later.
    package var since: Timestamp?
    /// Slices that begin before this time.
    package var until: Timestamp?
    /// Whether the range is kept to the minute, `since` rounded down and `until` up.
    ///
    /// What is no whole slice of ``period`` is then taken from shorter ones, or from the records themselves where those
    /// are no longer kept, and counts for the slice in which it lies. When sums are not broken down by time, the
    /// longest slices that fit are taken, whatever ``period`` says.
    package var isExact = false

    /// Records with this tag; see ``RollupKey/userPrefix`` for end users.
    package var tag: String?
    package var organization: String?
    package var team: String?
    package var project: String?
    package var key: String?
    package var requestedModel: String?
    package var provider: String?
    package var model: String?
    /// What to break the sums down by; empty gives one line, or none when there are no records.
    ///
    /// By tag, a record counts once for each of its tags; end users are left out unless ``isByUser``.
    package var groups: Set<RollupDimension>
    /// Whether ``RollupDimension/tag`` breaks down by end user, as tags that begin with ``RollupKey/userPrefix``.
    package var isByUser = false

    /// The sums that are wanted, the fewer the sooner they are there; others are zero.
    package var measures = Set(UsageMeasure.allCases)
    /// The distributions that are wanted; others are empty.
    package var latencies = Set(LatencyKind.allCases)
    package var order = Order.dimensions
    /// So many lines are passed over.
    package var offset = 0
    /// At most so many lines; nil for all.
    package var limit: Int?

    package init(_ period: RollupPeriod, by groups: Set<RollupDimension> = []) {
        self.period = period
        self.groups = groups
    }

    /// Sums over exactly this time, whatever slices they are taken from.
    package init(from since: Timestamp?, until: Timestamp?, by groups: Set<RollupDimension> = []) {
        self.init(.day, by: groups)
        (self.since, self.until) = (since, until)
        isExact = true
    }
}

extension RollupQuery {
    /// The names that lines have to have, time and tag left aside.
    package var names: [(dimension: RollupDimension, name: String)] {
        let names: [(RollupDimension, String?)] = [
            (.organization, organization), (.team, team), (.project, project), (.key, key),
            (.requestedModel, requestedModel), (.provider, provider), (.model, model),
        ]
        return names.compactMap { dimension, name in name.map { (dimension, $0) } }
    }

    /// Which lines are read as to their tags.
    package enum TagChoice: Hashable, Sendable {
        /// Those that count every record once.
        case none
        case one(String)
        /// All tags but those of end users.
        case every
        case users
    }

    package var tagChoice: TagChoice {
        if let tag, !tag.isEmpty { return .one(tag) }
        guard groups.contains(.tag) else { return .none }
        return isByUser ? .users : .every
    }

    /// The narrowest view that has all that the query is about, among those that slices of that length are kept in.
    package func view(in period: RollupPeriod) -> RollupView {
        let someTag =
            switch tagChoice {
            case .none: ""
            case .one(let tag): tag
            case .every: "*"
            case .users: RollupKey.userPrefix
            }
        let needed = groups.subtracting([.time, .tag]).union(names.map(\.dimension))
        let views = RollupView.kept(in: period, of: someTag)
        return views.first { needed.isSubset(of: $0.dimensions) } ?? .whole
    }
}
