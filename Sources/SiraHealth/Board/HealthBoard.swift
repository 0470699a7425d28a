import Synchronization

/// Knows how all deployments do.
///
/// One for the process; what it knows survives reloads.
package final class HealthBoard: Sendable {
    /// The retries of all routes.
    package let retries = RetryBudget()
    /// What second attempts cost on all routes.
    package let hedges = CostBudget()
    private let tables: Mutex<Tables>

    private struct Tables {
        var policy: HealthPolicy
        var rules: HealthRules
        let limit: Int
        var accesses: [String: AccessHealth] = [:]
        var deployments: [String: DeploymentHealth] = [:]
        /// For each access, what stands for its deployments beyond the limit.
        var others: [String: DeploymentHealth] = [:]
    }

    /// - Parameter limit: how many deployments are told apart; what clients may name is without bound.
    package init(policy: HealthPolicy = HealthPolicy(), limit: Int = 10_000) {
        tables = Mutex(Tables(policy: policy, rules: HealthRules(policy), limit: max(0, limit)))
    }

    package var policy: HealthPolicy { tables.withLock { $0.policy } }

    /// Goes on under another policy; what has been counted stays.
    package func adopt(_ policy: HealthPolicy) {
        tables.withLock { tables in
            guard policy != tables.policy else { return }
            tables.policy = policy
            tables.rules = HealthRules(policy)
            for access in tables.accesses.values { access.adopt(tables.rules) }
            for deployment in tables.deployments.values { deployment.adopt(tables.rules) }
            for other in tables.others.values { other.adopt(tables.rules) }
        }
    }

    /// The health of an access: the same object as long as name and keys are the same.
    ///
    /// With other keys it is another one, to which what is known of keys that stayed is carried over.
    ///
    /// - Parameter keys: short digests of its keys, in their order; never the keys.
    package func access(_ name: String, keys: [String]) -> AccessHealth {
        tables.withLock { tables in
            let earlier = tables.accesses[name]
            if let earlier, earlier.keys == keys { return earlier }
            let access = AccessHealth(name: name, keys: keys, rules: tables.rules, from: earlier)
            tables.accesses[name] = access
            return access
        }
    }

    /// The health of a deployment: the same object for the same id, as long as its access is the same.
    ///
    /// Beyond the limit there is one for all further deployments of an access.
    package func deployment(_ id: String, of access: AccessHealth) -> DeploymentHealth {
        tables.withLock { tables in
            if let known = tables.deployments[id] {
                if known.access === access { return known }
                let moved = DeploymentHealth(known, movedTo: access)
                tables.deployments[id] = moved
                return moved
            }
            guard tables.deployments.count >= tables.limit else {
                let new = DeploymentHealth(id: id, of: access, rules: tables.rules)
                tables.deployments[id] = new
                return new
            }
            if let other = tables.others[access.name], other.access === access { return other }
            let other = DeploymentHealth(id: "\(access.name)/*", of: access, rules: tables.rules, isShared: true)
            tables.others[access.name] = other
            return other
        }
    }

    /// Lets go of all that is known of accesses that are not there any more.
    ///
    /// Requests that still hold a deployment of theirs may go on with it.
    ///
    /// - Parameter names: those that are still there.
    package func forget(allBut names: Set<String>) {
        tables.withLock { tables in
            tables.deployments = tables.deployments.filter { names.contains($0.value.access.name) }
            tables.others = tables.others.filter { names.contains($0.key) }
            tables.accesses = tables.accesses.filter { names.contains($0.key) }
        }
    }

    // MARK: taking providers out of use

    /// Takes an access out of use, with all deployments that there are or will be, until ``resume(access:)``.
    ///
    /// - Returns: false where no access of this name is known.
    package func drain(access name: String, reason: String) -> Bool {
        let known = known(name)
        for access in known.accesses { access.drain(reason: reason) }
        return !known.accesses.isEmpty
    }

    /// Takes an access into use again, with all of its deployments, those that were taken out of use by themselves too.
    ///
    /// - Returns: false where no access of this name is known.
    package func resume(access name: String) -> Bool {
        let known = known(name)
        for access in known.accesses { access.resume() }
        for deployment in known.deployments { deployment.resume() }
        return !known.accesses.isEmpty
    }

    /// All that goes by an access's name: deployments that nobody has asked since its keys changed are still the old one's.
    private func known(_ name: String) -> (accesses: [AccessHealth], deployments: [DeploymentHealth]) {
        tables.withLock { tables in
            let deployments = (Array(tables.deployments.values) + tables.others.values).filter {
                $0.access.name == name
            }
            let accesses = deployments.map(\.access) + (tables.accesses[name].map { [$0] } ?? [])
            return (accesses, deployments)
        }
    }

    /// The deployment of this id; nil where it has not been considered yet.
    package func known(deployment id: String) -> DeploymentHealth? { tables.withLock { $0.deployments[id] } }

    /// All deployments, by id.
    package func deployments() -> [DeploymentHealth] {
        let all = tables.withLock { Array($0.deployments.values) + $0.others.values }
        return all.sorted { $0.id < $1.id }
    }

    /// All accesses, by name.
    package func accesses() -> [AccessHealth] {
        let all = tables.withLock { Array($0.accesses.values) }
        return all.sorted { $0.name < $1.name }
    }
}
