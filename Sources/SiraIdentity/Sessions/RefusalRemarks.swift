package import SiraCore
import Synchronization

/// How often it is written down that somebody was refused: ten times at first, then once a minute.
package final class RefusalRemarks: Sendable {
    private let clock: GatewayClock
    private let state = Mutex((clearAt: UInt64(0), unsaid: 0))

    private static let burst: UInt64 = 10
    private static let pause: UInt64 = 60_000_000_000

    package init(clock: GatewayClock) {
        self.clock = clock
    }

    /// Counts a refusal.
    ///
    /// - Returns: how many there were since the last line, when it is time for one; nil otherwise.
    package func take() -> Int? {
        let now = clock.uptime()
        return state.withLock { state in
            state.unsaid += 1
            let clearAt = max(state.clearAt, now) + Self.pause
            guard clearAt <= now + Self.burst * Self.pause else { return nil }
            defer { state.unsaid = 0 }
            state.clearAt = clearAt
            return state.unsaid
        }
    }
}
