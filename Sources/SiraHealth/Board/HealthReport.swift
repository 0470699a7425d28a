/// All that is known of a deployment at a moment, for people and their dashboards.
///
/// Times are those of ``GatewayClock/uptime``.
package struct DeploymentReport: Sendable {
    package var id: String
    package var access: String
    package var standing: Standing
    /// Whether an attempt has ever begun.
    package var isUsed: Bool
    /// Whether it is out of use because its access is.
    package var isDrainedWithAccess: Bool
    /// When its breaker came to stand where it does.
    package var since: UInt64
    /// Openings of its breaker in a row without lasting recovery.
    package var openings: Int
    package var window: SlidingWindow.Totals
    /// Times to the first token, in microseconds.
    package var firstToken: LatencySketch.Percentiles?
    package var keys: [KeyReport]
}

/// All that is known of an access at a moment.
package struct AccessReport: Sendable {
    package var name: String
    /// Why somebody has taken it out of use; nil where nobody has.
    package var drainReason: String?
    package var keys: [CredentialReport]
}

/// How a key does at one deployment.
package struct KeyReport: Sendable {
    package var index: Int
    /// The short digest it was named by; empty where the provider wants no key.
    package var digest: String
    package var state: KeyHealth.State
    /// 429s in a row.
    package var refusals: Int
    package var remainingRequests: Int?
    package var remainingTokens: Int?
    package var credential: CredentialReport
}

/// Whether the provider takes a key, for all deployments of an access.
package struct CredentialReport: Sendable {
    package var index: Int
    package var digest: String
    package var phase: Breaker.Phase
    /// When it came to stand there.
    package var since: UInt64
    /// Refusals in a row.
    package var refusals: Int
}

extension DeploymentState {
    mutating func report(id: String, at now: UInt64, _ access: AccessHealth) -> DeploymentReport {
        let standing = standing(tokens: 0, at: now, access)
        let reports = keys.enumerated().map { index, key in
            KeyReport(
                index: index,
                digest: access.digest(of: index),
                state: key.state(tokens: 0, at: now),
                refusals: key.refusals,
                remainingRequests: key.quota.remainingRequests(at: now),
                remainingTokens: key.quota.remainingTokens(at: now),
                credential: access.credential(index)
            )
        }
        return DeploymentReport(
            id: id,
            access: access.name,
            standing: standing,
            isUsed: isUsed,
            isDrainedWithAccess: drainReason == nil && access.isDrained,
            since: breaker.since,
            openings: breaker.openings,
            window: breaker.window.totals,
            firstToken: sketch.percentiles(at: now),
            keys: reports
        )
    }
}

extension AccessHealth {
    /// All that is known, for people.
    package func report() -> AccessReport {
        AccessReport(name: name, drainReason: drainReason, keys: (0..<keyCount).map(credential))
    }

    func digest(of key: Int) -> String { keys.indices.contains(key) ? keys[key] : "" }

    func credential(_ key: Int) -> CredentialReport {
        let breaker = breaker(of: key)
        return CredentialReport(
            index: key,
            digest: digest(of: key),
            phase: breaker?.phase ?? .closed,
            since: breaker?.since ?? 0,
            refusals: breaker?.phase == .closed ? 0 : breaker?.openings ?? 0
        )
    }
}
