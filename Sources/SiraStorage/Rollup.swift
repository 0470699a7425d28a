package import SiraCore

/// The length of the slices of time that roll-ups count in.
package enum RollupPeriod: UInt8, Sendable, CaseIterable {
    case minute = 1
    case hour = 2
    case day = 3

    /// The slice's length.
    package var microseconds: Int64 {
        switch self {
        case .minute: 60_000_000
        case .hour: 3_600_000_000
        case .day: 86_400_000_000
        }
    }

    /// The start of the slice in which `time` lies.
    ///
    /// Slices begin at whole minutes, hours and days of UTC.
    package func start(of time: Timestamp) -> Timestamp {
        let offset = time.microseconds % microseconds
        return Timestamp(microseconds: time.microseconds - (offset < 0 ? offset + microseconds : offset))
    }
}

/// Which of a record's names a line of the roll-ups keeps.
///
/// Reports that need fewer names read a small part of the lines.
package enum RollupView: UInt8, Sendable, CaseIterable {
    /// All of them.
    case whole = 0
    /// Only what was asked of whom: models and provider.
    case supply = 1
    /// Only who asked: tenants and key.
    case demand = 2

    /// The dimensions that its lines are told apart by, time and tag left aside.
    package var dimensions: Set<RollupDimension> {
        switch self {
        case .whole: Self.supply.dimensions.union(Self.demand.dimensions)
        case .supply: [.requestedModel, .provider, .model]
        case .demand: [.organization, .team, .project, .key]
        }
    }

    /// The views in which records are counted under a tag, or under none if that is empty, in slices of that length.
    ///
    /// Where nearly every record would be a line of its own in a narrow view as in the whole one, there is no narrow
    /// one: by minute among tags and tenants, and among end users but for who was there on a day.
    package static func kept(in period: RollupPeriod, of tag: String) -> [RollupView] {
        let isOfUser = tag.hasPrefix(RollupKey.userPrefix)
        switch period {
        case .minute: return tag.isEmpty ? [.supply, .whole] : [.whole]
        case .hour: return isOfUser ? [.whole] : [.supply, .demand, .whole]
        case .day: return isOfUser ? [.demand, .whole] : [.supply, .demand, .whole]
        }
    }
}
