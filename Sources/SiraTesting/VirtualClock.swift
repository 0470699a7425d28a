package import SiraCore
import Synchronization

/// A clock that stands still until a test moves it.
package final class VirtualClock: Sendable {
    private struct Times {
        var now: Timestamp
        var uptime: UInt64
    }

    private let times: Mutex<Times>

    /// - Parameter now: the time of day at which it begins, by default one in November 2025.
    package init(now: Timestamp = Timestamp(microseconds: 1_763_700_000_000_000)) {
        times = Mutex(Times(now: now, uptime: 5_000_000_000))
    }

    package func advance(by duration: Duration) {
        times.withLock {
            $0.now = $0.now.advanced(by: duration)
            $0.uptime += duration.wholeNanoseconds
        }
    }

    package var now: Timestamp { times.withLock { $0.now } }

    /// Nanoseconds, as ``SiraCore/GatewayClock/uptime`` counts.
    package var uptime: UInt64 { times.withLock { $0.uptime } }

    /// The clock as the product knows it.
    package var gateway: GatewayClock { GatewayClock(now: { self.now }, uptime: { self.uptime }) }
}
