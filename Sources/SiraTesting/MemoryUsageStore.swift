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
        var sums: [RollupLine: UsageTotals] = [:]
        for (key, totals) in rollups where query.matches(key) {
            sums[query.group(of: key), default: UsageTotals()] += totals
        }
        return sums.map { group, totals in
            var line = group
            line.totals = totals
            return line
        }
        .sorted { $0.precedes($1) }
    }
}

extension RollupQuery {
    fileprivate func matches(_ line: RollupKey) -> Bool {
        line.period == period && line.tag == tag ?? ""
            && since.map { line.start >= $0 } ?? true && until.map { line.start < $0 } ?? true
            && key.map { line.key == $0 } ?? true
            && requestedModel.map { line.requestedModel == $0 } ?? true
            && provider.map { line.provider == $0 } ?? true
            && model.map { line.model == $0 } ?? true
    }

    fileprivate func group(of key: RollupKey) -> RollupLine {
        var line = RollupLine(totals: UsageTotals())
        line.start = groups.contains(.time) ? key.start : nil
        line.key = groups.contains(.key) ? key.key : nil
        line.requestedModel = groups.contains(.requestedModel) ? key.requestedModel : nil
        line.provider = groups.contains(.provider) ? key.provider : nil
        line.model = groups.contains(.model) ? key.model : nil
        return line
    }
}

extension RollupLine {
    fileprivate func precedes(_ other: RollupLine) -> Bool {
        let (left, right) = (start?.microseconds ?? 0, other.start?.microseconds ?? 0)
        guard left == right else { return left < right }
        let names = [key, requestedModel, provider, model].map { $0 ?? "" }
        let others = [other.key, other.requestedModel, other.provider, other.model].map { $0 ?? "" }
        return names.lexicographicallyPrecedes(others)
    }
}
