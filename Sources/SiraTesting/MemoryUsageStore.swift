package import SiraCore
package import SiraStorage
import Synchronization

/// The ledger's lines in memory, without a limit.
package final class MemoryUsageStore: UsageStore, RollupStore, RetentionStore {
    private struct Name: Hashable {
        var request: RequestID
        var attempt: Int
    }

    private struct State {
        var records: [Name: UsageRecord] = [:]
        var rollups: [RollupKey: UsageTotals] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    package func insert(_ records: [UsageRecord]) async throws -> Int {
        state.withLock { state in
            var inserted = 0
            var sums = RollupSums()
            for record in records {
                let name = Name(request: record.request, attempt: record.attempt)
                guard state.records[name] == nil else { continue }
                state.records[name] = record
                inserted += 1
                sums.add(record)
            }
            for (key, totals) in sums.lines { state.rollups[key, default: UsageTotals()] += totals }
            return inserted
        }
    }

    package func records(of request: RequestID) async throws -> [UsageRecord] {
        state.withLock { state in
            state.records.values.filter { $0.request == request }.sorted { $0.attempt < $1.attempt }
        }
    }

    package func records(_ filter: UsageFilter) async throws -> [UsageRecord] {
        state.withLock { state in
            let found = state.records.values.filter(filter.matches)
            return Array(found.sorted { UsageCursor($0) > UsageCursor($1) }.prefix(max(0, filter.limit)))
        }
    }

    package func deleteRecords(before time: Timestamp, limit: Int) async throws -> Int {
        state.withLock { state in
            let old = state.records.filter { $0.value.startedAt < time }.sorted {
                $0.value.startedAt < $1.value.startedAt
            }
            for (name, _) in old.prefix(limit) { state.records[name] = nil }
            return min(old.count, limit)
        }
    }

    package func deleteRollups(_ period: RollupPeriod, before time: Timestamp, limit: Int) async throws -> Int {
        state.withLock { state in
            let old = state.rollups.keys.filter { $0.period == period && $0.start < time }.prefix(limit)
            for key in old { state.rollups[key] = nil }
            return old.count
        }
    }

    package func totals(_ query: RollupQuery) async throws -> [RollupLine] {
        let rollups = state.withLock { $0.rollups }
        let segments = RollupPlan(query).segments
        var sums: [RollupLine: UsageTotals] = [:]
        for (key, totals) in rollups where query.matches(key, segments) {
            sums[query.group(of: key), default: UsageTotals()] += totals
        }
        let lines = sums.map { group, totals in
            var line = group
            line.totals = query.asked(of: totals)
            return line
        }
        let ordered = lines.sorted { query.places($0, before: $1) }.dropFirst(query.offset)
        return Array(ordered.prefix(query.limit ?? .max))
    }
}

extension RollupQuery {
    fileprivate func matches(_ line: RollupKey, _ segments: [RollupPlan.Segment]) -> Bool {
        guard line.view == view(in: line.period) else { return false }
        guard segments.contains(where: { $0.period == line.period && $0.range.contains(line.start) }) else {
            return false
        }
        let isTagged =
            switch tagChoice {
            case .none: line.tag.isEmpty
            case .one(let tag): line.tag == tag
            case .every: !line.tag.isEmpty && !line.isOfUser
            case .users: line.isOfUser
            }
        let line = named(line)
        return isTagged && names.allSatisfy { name in name.dimension.name.map { line[keyPath: $0] } == name.name }
    }

    fileprivate func named(_ key: RollupKey) -> RollupLine {
        var line = RollupLine(totals: UsageTotals())
        (line.start, line.tag, line.organization, line.team) = (key.start, key.tag, key.organization, key.team)
        (line.project, line.key, line.requestedModel) = (key.project, key.key, key.requestedModel)
        (line.provider, line.model) = (key.provider, key.model)
        return line
    }

    fileprivate func group(of key: RollupKey) -> RollupLine {
        var line = named(key)
        line.start = groups.contains(.time) ? period.start(of: key.start) : nil
        for dimension in RollupDimension.allCases where !groups.contains(dimension) {
            if let name = dimension.name { line[keyPath: name] = nil }
        }
        return line
    }

    fileprivate func asked(of totals: UsageTotals) -> UsageTotals {
        var asked = UsageTotals()
        for measure in measures { asked[keyPath: measure.total] = totals[keyPath: measure.total] }
        for kind in latencies { asked[keyPath: kind.sketch] = totals[keyPath: kind.sketch] }
        return asked
    }

    fileprivate func places(_ line: RollupLine, before other: RollupLine) -> Bool {
        if case .descending(let measure) = order {
            let (left, right) = (line.totals[keyPath: measure.total], other.totals[keyPath: measure.total])
            guard left == right else { return left > right }
        }
        let (left, right) = (line.start?.microseconds ?? 0, other.start?.microseconds ?? 0)
        guard left == right else { return left < right }
        let dimensions = RollupDimension.allCases.compactMap(\.name)
        return dimensions.map { line[keyPath: $0] ?? "" }
            .lexicographicallyPrecedes(dimensions.map { other[keyPath: $0] ?? "" }) {
                $0.utf8.lexicographicallyPrecedes($1.utf8)
            }
    }
}
