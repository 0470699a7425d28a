package import SiraCore

/// From which slices the sums of a query are put together: stretches of time that do not overlap, in order, each with
/// the longest slices that fit into it.
package struct RollupPlan: Hashable, Sendable {
    /// A stretch that is read from slices of one length.
    package struct Segment: Hashable, Sendable {
        /// Nil for the records themselves.
        package var period: RollupPeriod?
        /// The slices that begin in this time, or the records of this time.
        package var range: Range<Timestamp>
    }

    /// What a store still has of its past.
    package struct Holdings: Hashable, Sendable {
        /// From when on minutes and hours are all there.
        package var minutes: Timestamp
        package var hours: Timestamp
        /// From when on records are; nil when there are none.
        package var records: Timestamp?

        package init(minutes: Timestamp, hours: Timestamp, records: Timestamp?) {
            self.minutes = minutes
            self.hours = hours
            self.records = records
        }

        /// Nothing was ever deleted.
        package static let everything = Holdings(minutes: .earliest, hours: .earliest, records: nil)

        fileprivate func start(of period: RollupPeriod) -> Timestamp {
            switch period {
            case .minute: minutes
            case .hour: hours
            case .day: .earliest
            }
        }
    }

    package private(set) var segments: [Segment] = []

    package init(_ query: RollupQuery, holdings: Holdings = .everything) {
        let since = min(max(query.since ?? .earliest, .earliest), .latest)
        let until = min(max(query.until ?? .latest, .earliest), .latest)
        guard since < until else { return }
        guard query.isExact else {
            segments = [Segment(period: query.period, range: since..<until)]
            return
        }
        let longest = query.groups.contains(.time) ? query.period : .day
        let range = RollupPeriod.minute.start(of: since)..<RollupPeriod.minute.end(of: until)
        cover(range, with: longest, holdings)
    }

    /// Whole slices inside, shorter ones at both ends.
    private mutating func cover(_ range: Range<Timestamp>, with period: RollupPeriod, _ holdings: Holdings) {
        guard !range.isEmpty else { return }
        guard let shorter = RollupPeriod(rawValue: period.rawValue - 1) else {
            return append(period, range, holdings)
        }
        let (first, last) = (period.end(of: range.lowerBound), period.start(of: range.upperBound))
        guard first < last else { return cover(range, with: shorter, holdings) }
        cover(range.lowerBound..<first, with: shorter, holdings)
        append(period, first..<last, holdings)
        cover(last..<range.upperBound, with: shorter, holdings)
    }

    /// What is no longer there in slices of that length is taken from the records, or, where they are gone too, from
    /// the longer slices that begin in it.
    private mutating func append(_ period: RollupPeriod, _ range: Range<Timestamp>, _ holdings: Holdings) {
        let kept = min(max(holdings.start(of: period), range.lowerBound), range.upperBound)
        if range.lowerBound < kept {
            let gone = range.lowerBound..<kept
            if let records = holdings.records, records <= gone.lowerBound {
                segments.append(Segment(period: nil, range: gone))
            } else if let longer = RollupPeriod(rawValue: period.rawValue + 1) {
                append(longer, gone, holdings)
            }
        }
        if kept < range.upperBound { segments.append(Segment(period: period, range: kept..<range.upperBound)) }
    }
}

extension RollupPeriod {
    /// The start of the first slice that begins at `time` or later.
    package func end(of time: Timestamp) -> Timestamp {
        let start = start(of: time)
        return start == time ? time : Timestamp(microseconds: start.microseconds + microseconds)
    }
}

extension Timestamp {
    /// Midnights so far away that no record is of a time beyond, and near enough to count with.
    package static let earliest = Timestamp(microseconds: -100_000_000 * 86_400_000_000)
    package static let latest = Timestamp(microseconds: 100_000_000 * 86_400_000_000)
}
