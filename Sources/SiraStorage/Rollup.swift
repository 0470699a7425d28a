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

/// What a roll-up's line is about.
///
/// All records with the same facts are summed in it.
package struct RollupKey: Hashable, Sendable {
    package var period: RollupPeriod
    /// When the slice of time begins.
    package var start: Timestamp
    /// Empty in the lines that count every record once; each of a record's tags counts it once more.
    package var tag = ""
    package var key: String
    /// Empty for records that reached no provider, and ``other`` for attempts that failed without using anything
    /// and whose model is not listed: their names are whatever the client made up, and lines would grow without bound.
    package var requestedModel: String
    package var provider: String
    /// Empty and ``other`` as for ``requestedModel``.
    package var model: String

    /// Stands for all model names that clients made up and that no provider has answered to.
    package static let other = "other"

    package init(_ record: UsageRecord, period: RollupPeriod, tag: String = "") {
        self.period = period
        start = period.start(of: record.startedAt)
        self.tag = tag
        key = record.key
        provider = record.provider
        let isMadeUp = !record.isModelListed && record.outcome != .ok && record.usage == Usage()
        if record.provider.isEmpty {
            requestedModel = ""
            model = record.model
        } else {
            requestedModel = isMadeUp ? Self.other : record.requestedModel
            model = isMadeUp ? Self.other : record.model
        }
    }

    /// The line of a longer period in which this one's slice of time lies.
    func widened(to period: RollupPeriod) -> RollupKey {
        var key = self
        key.period = period
        key.start = period.start(of: start)
        return key
    }
}

/// Where sums over records are read.
package protocol RollupStore: Sendable {
    /// The sums asked for, ordered by time, then by the other dimensions. Groups without records are not there.
    func totals(_ query: RollupQuery) async throws -> [RollupLine]
}

/// What sums can be broken down by.
package enum RollupDimension: UInt8, Sendable, CaseIterable {
    case time, key, requestedModel, provider, model
}

/// Which sums are asked for.
///
/// What is nil is not looked at.
package struct RollupQuery: Hashable, Sendable {
    package var period: RollupPeriod
    /// Slices that begin at this time or later.
    package var since: Timestamp?
    /// Slices that begin before this time.
    package var until: Timestamp?
    package var tag: String?
    package var key: String?
    package var requestedModel: String?
    package var provider: String?
    package var model: String?
    /// What to break the sums down by; empty gives one line, or none when there are no records.
    package var groups: Set<RollupDimension>

    package init(_ period: RollupPeriod, by groups: Set<RollupDimension> = []) {
        self.period = period
        self.groups = groups
    }
}

/// A sum; what it was not broken down by is nil.
package struct RollupLine: Hashable, Sendable {
    package var start: Timestamp?
    package var key: String?
    package var requestedModel: String?
    package var provider: String?
    package var model: String?
    package var totals: UsageTotals

    package init(totals: UsageTotals) {
        self.totals = totals
    }
}
