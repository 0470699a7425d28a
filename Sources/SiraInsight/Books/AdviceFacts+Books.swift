package import SiraCatalog
package import SiraCore
package import SiraStorage
import SiraTenancy

extension AdviceFacts {
    /// What the books say of the days up to now.
    ///
    /// They keep no digests of what prompts begin with and no tools, so rules about these say nothing yet. Of requests
    /// that were made again they know the newest: their share is taken for that of all.
    ///
    /// - Parameter available: models that requests may go to.
    package static func read(
        _ rollups: any RollupStore,
        _ keys: any KeyStore,
        _ books: any AdviceStore,
        catalog: Catalog,
        available: [ModelReference],
        days: Int = 30,
        now: Timestamp
    ) async throws -> AdviceFacts {
        let since = now.advanced(by: .seconds(-86_400 * Int64(days)))
        let middle = now.advanced(by: .seconds(-43_200 * Int64(days)))
        var facts = AdviceFacts(catalog: catalog, now: now, days: Double(days))
        facts.available = available
        func lines(_ groups: Set<RollupDimension>) async throws -> [(line: RollupLine, row: UsageRow)] {
            var query = RollupQuery(from: since, until: nil, by: groups.union([.provider, .model]))
            query.latencies = []
            return try await rollups.totals(query).compactMap { line in
                guard let provider = line.provider, let model = line.model, !provider.isEmpty else { return nil }
                let reference = ModelReference(provider: provider, model: model)
                return (line, UsageRow(line.totals, of: reference, time: middle))
            }
        }
        let known = Dictionary(
            try await books.tasks(since: since).map { (Task($0.tag, $0.provider, $0.model), $0) },
            uniquingKeysWith: { first, _ in first }
        )
        let tagged = try await lines([.tag])
        // Where applications tell tasks apart, all of them together are none.
        for (line, row) in tagged.isEmpty ? try await lines([]) : tagged {
            var task = TaskRow(task: line.tag ?? "", row: row)
            if let known = known[Task(task.task, row.model.provider, row.model.model)] {
                (task.longestPrompt, task.ratings) = (known.longestPrompt, known.ratings)
                task.meanScore = known.meanScore
                if known.deferrable > 0 {
                    facts.deferrable.append(
                        DeferrableRow(
                            tag: task.task,
                            row: row.share(known.deferrable),
                            allRequests: row.requests
                        )
                    )
                }
            }
            facts.tasks.append(task)
        }
        facts.prompts = try await lines([.key]).compactMap { line, row in
            line.key.flatMap { $0.isEmpty ? nil : PromptRow(key: $0, row: row) }
        }
        facts.repeats = try await books.repeats(since: since, soon: .seconds(3_600)).map { line in
            let model = ModelReference(provider: line.provider, model: line.model)
            let all = facts.prompts.first { $0.key == line.key && $0.row.model == model }?.row.requests ?? 0
            return RepeatRow(line, of: model, among: max(all, line.requests))
        }
        facts.keys = try await keyRows(rollups, try await keys.allKeys(), since: since, now: now)
        return facts
    }

    /// A task as one model does it.
    private struct Task: Hashable {
        let tag: String
        let provider: String
        let model: String

        init(_ tag: String, _ provider: String, _ model: String) {
            (self.tag, self.provider, self.model) = (tag, provider, model)
        }
    }

    /// Keys that still open the door, and when they were last used: exactly for those that were not used of late.
    private static func keyRows(
        _ rollups: any RollupStore,
        _ keys: [APIKey],
        since: Timestamp,
        now: Timestamp
    ) async throws -> [KeyRow] {
        let recent = try await used(rollups, since: since)
        let ever = try await used(rollups, since: nil)
        var rows: [KeyRow] = []
        for key in keys {
            var row = KeyRow(key: key.id, madeAt: key.createdAt, expiresAt: key.expiresAt)
            row.isRevoked = key.revokedAt.map { $0 <= now } ?? false
            if recent.contains(key.id) {
                row.lastUsedAt = now
            } else if ever.contains(key.id), !row.isRevoked {
                var query = RollupQuery(.day, by: [.time])
                query.key = key.id
                (query.measures, query.latencies) = ([.attempts], [])
                row.lastUsedAt = try await rollups.totals(query).compactMap(\.start).max()
            }
            rows.append(row)
        }
        return rows
    }

    /// The ids of the keys that were used since then.
    private static func used(_ rollups: any RollupStore, since: Timestamp?) async throws -> Set<String> {
        var query = RollupQuery(.day, by: [.key])
        query.since = since
        (query.measures, query.latencies) = ([.attempts], [])
        return Set(try await rollups.totals(query).compactMap(\.key))
    }
}

extension RepeatRow {
    /// - Parameter all: how many requests there were, of which `facts` knows the newest.
    fileprivate init(_ facts: RepeatFacts, of model: ModelReference, among all: Int64) {
        let factor = Double(all) / Double(max(1, facts.requests))
        func scaled(_ count: Int64) -> Int64 { Int64((Double(count) * factor).rounded()) }
        self.init(
            key: facts.key,
            model: model,
            requests: all,
            repeats: (scaled(facts.repeats), facts.repeatCost.scaled(by: factor)),
            soon: (scaled(facts.soonRepeats), facts.soonCost.scaled(by: factor))
        )
    }
}
