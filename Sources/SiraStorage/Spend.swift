package import SiraCore
package import SiraTenancy

/// What was spent in a slice of time.
package struct SpendSlice: Hashable, Sendable {
    /// The id of the tenant or the name of the model, provider, user or tag; empty for the gateway.
    package var name: String
    package var start: Timestamp
    /// What tenants were charged, as far as it is known.
    package var charge: NanoUSD
    /// What providers ask, as far as it is known.
    package var cost: NanoUSD
}

extension RollupStore {
    /// What was spent on the scope since then, by slices of time, the oldest first; slices without records are not
    /// there.
    ///
    /// A scope that is each of its kind gives the slices of every name that is not empty. A model is one that attempts
    /// went to, whatever clients called it.
    ///
    /// - Parameters:
    ///   - since: kept to the minute; the first slice tells only what is not before it.
    ///   - until: likewise.
    package func spend(
        _ scope: Scope,
        since: Timestamp?,
        until: Timestamp? = nil,
        by slice: RollupPeriod
    ) async throws -> [SpendSlice] {
        var query = RollupQuery(slice, by: [.time])
        (query.since, query.until, query.isExact) = (since, until, true)
        (query.measures, query.latencies) = ([.charge, .cost], [])
        let dimension = query.narrow(to: scope)
        return try await totals(query).compactMap { line in
            guard let start = line.start else { return nil }
            var name = scope.name
            if scope.isEach {
                name = dimension?.name.flatMap { line[keyPath: $0] } ?? ""
                if scope.kind == .user { name = String(name.dropFirst(RollupKey.userPrefix.count)) }
                guard !name.isEmpty else { return nil }
            }
            return SpendSlice(name: name, start: start, charge: line.totals.charge, cost: line.totals.cost)
        }
    }
}

extension RollupQuery {
    /// Asks for what is in the scope alone.
    ///
    /// - Returns: what the scope's kind is among the dimensions; nil for the gateway.
    @discardableResult package mutating func narrow(to scope: Scope) -> RollupDimension? {
        let filters: [Scope.Kind: (RollupDimension, WritableKeyPath<RollupQuery, String?>)] = [
            .organization: (.organization, \.organization), .team: (.team, \.team), .project: (.project, \.project),
            .key: (.key, \.key), .model: (.model, \.model), .provider: (.provider, \.provider), .tag: (.tag, \.tag),
            .user: (.tag, \.tag),
        ]
        guard let (dimension, filter) = filters[scope.kind] else { return nil }
        if scope.isEach {
            groups.insert(dimension)
            isByUser = scope.kind == .user
        } else {
            self[keyPath: filter] = scope.kind == .user ? RollupKey.userPrefix + scope.name : scope.name
        }
        return dimension
    }
}
