import SiraCore
import SiraHealth

/// So many nanoseconds.
func seconds(_ count: Double) -> UInt64 { UInt64(count * 1_000_000_000) }
func milliseconds(_ count: UInt64) -> UInt64 { count * 1_000_000 }

/// Some time after the clock's zero, as on any machine that has been running for a while.
let start = seconds(100_000)

extension HealthPolicy {
    init(_ change: (inout HealthPolicy) -> Void) {
        self.init()
        change(&self)
    }
}

/// A deployment with so many keys, on a board of its own.
func deployment(
    keys: Int = 1,
    _ change: (inout HealthPolicy) -> Void = { _ in }
) -> (health: DeploymentHealth, board: HealthBoard) {
    let board = HealthBoard(policy: HealthPolicy(change))
    let access = board.access("acme", keys: (0..<keys).map { "k\($0)" })
    return (board.deployment("acme/m", of: access), board)
}

extension DeploymentHealth {
    /// An attempt from its beginning to its end; false when none may begin.
    @discardableResult
    func attempt(_ verdict: Verdict, at now: UInt64, lasting duration: UInt64 = 0, facts: RateLimitFacts? = nil) -> Bool
    {
        guard let begun = begin(at: now, tokens: 0) else { return false }
        if let facts { noteLimits(facts, begun, at: now + duration) }
        end(begun, AttemptEnd(verdict), at: now + duration)
        return true
    }
}

extension RateLimitFacts {
    /// What a header with these fields says at `start`, when it is `Timestamp.noon`.
    init(_ fields: [String: String]) {
        self.init(now: .noon, uptime: start) { fields[$0] }
    }
}

extension Timestamp {
    /// 2026-01-19T12:00:00Z.
    static let noon = Timestamp(microseconds: 1_768_824_000_000_000)
}
