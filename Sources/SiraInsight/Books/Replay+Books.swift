package import SiraCore
package import SiraPricing
package import SiraStorage
package import SiraTenancy

extension Replay {
    /// So many records are priced one by one; beyond that, and where some are corrected, sums are.
    private static let mostRecords: Int64 = 50_000
    private static let page = 2_000

    /// What a scope's requests would have cost otherwise.
    ///
    /// - Parameter scopes: what is in all of these is counted.
    /// - Throws: ``UnusedRoute``, and the stores' errors.
    package static func read(
        _ usage: any UsageStore,
        _ rollups: any RollupStore,
        _ scopes: [Scope],
        in time: Range<Timestamp>,
        _ substitution: Substitution,
        prices: PriceBook
    ) async throws -> Replay {
        let substitution = try await substitution.sharingRoutes(rollups, scopes, in: time)
        var query = RollupQuery(from: time.lowerBound, until: time.upperBound, by: [.time, .provider, .model])
        query.latencies = []
        for scope in scopes { query.narrow(to: scope) }
        let lines = try await rollups.totals(query)
        let attempts = lines.reduce(Int64(0)) { $0.addingClamped($1.totals.attempts) }
        if attempts <= mostRecords, let rows = try await records(usage, query) {
            return Replay(rows, substitution, prices: prices)
        }
        let rows = lines.compactMap { line -> UsageRow? in
            guard let provider = line.provider, !provider.isEmpty, let start = line.start else { return nil }
            return UsageRow(
                line.totals,
                of: ModelReference(provider: provider, model: line.model ?? ""),
                time: start.advanced(by: .seconds(43_200))
            )
        }
        return Replay(rows, substitution, prices: prices)
    }

    /// The records one by one; nil where a correction is among them, or where there are none any more.
    private static func records(_ usage: any UsageStore, _ query: RollupQuery) async throws -> [UsageRow]? {
        var filter = UsageFilter()
        filter.since = query.since.map { RollupPeriod.minute.start(of: $0) }
        filter.until = query.until.map { RollupPeriod.minute.end(of: $0) }
        (filter.organization, filter.team, filter.project) = (query.organization, query.team, query.project)
        (filter.key, filter.provider, filter.model) = (query.key, query.provider, query.model)
        if let tag = query.tag {
            if tag.hasPrefix(RollupKey.userPrefix) {
                filter.user = String(tag.dropFirst(RollupKey.userPrefix.count))
            } else {
                filter.tag = tag
            }
        }
        filter.limit = page
        var rows: [UsageRow] = []
        while true {
            let records = try await usage.records(filter)
            for record in records where !record.provider.isEmpty {
                // A provider that refused asked for nothing, whatever its prices.
                guard record.usageBasis != .refused else { continue }
                guard let row = UsageRow(record) else { return nil }
                rows.append(row)
            }
            guard records.count == page, let last = records.last else { return rows }
            filter.after = UsageCursor(last)
        }
    }
}

/// A route of whose requests nothing is known.
package struct UnusedRoute: Error, Hashable, Sendable, CustomStringConvertible {
    package let name: String

    package var description: String {
        "Nothing asked for the route \(name) in that time, so how it would share requests out is not known."
    }
}

extension Substitution {
    /// The same, with routes shared out as they were in that time among the same tenants.
    fileprivate func sharingRoutes(
        _ rollups: any RollupStore,
        _ scopes: [Scope],
        in time: Range<Timestamp>
    ) async throws -> Substitution {
        var shared = self
        for case (let model, .route(let name, _)) in targets {
            var query = RollupQuery(from: time.lowerBound, until: time.upperBound, by: [.provider, .model])
            (query.latencies, query.requestedModel) = ([], name)
            for scope in scopes { query.narrow(to: scope) }
            let lines = try await rollups.totals(query).filter {
                $0.provider?.isEmpty == false && $0.totals.attempts > 0
            }
            let all = lines.reduce(Int64(0)) { $0.addingClamped($1.totals.attempts) }
            guard all > 0 else { throw UnusedRoute(name: name) }
            let shares = lines.map { line in
                RouteShare(
                    ModelReference(provider: line.provider ?? "", model: line.model ?? ""),
                    share: Double(line.totals.attempts) / Double(all)
                )
            }
            shared.targets[model] = .route(name, shares: shares.sorted { $0.share > $1.share })
        }
        return shared
    }
}
