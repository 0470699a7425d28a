#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The two clocks of the machine.
///
/// Tests replace them by ones that they move themselves.
package struct GatewayClock: Sendable {
    /// The time of day.
    package var now: @Sendable () -> Timestamp
    /// Nanoseconds since some moment in the past; never goes back.
    ///
    /// For measuring how long something took.
    package var uptime: @Sendable () -> UInt64

    package init(now: @escaping @Sendable () -> Timestamp, uptime: @escaping @Sendable () -> UInt64) {
        self.now = now
        self.uptime = uptime
    }

    /// The machine's own clocks.
    package static let system = GatewayClock(
        now: {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
        },
        uptime: {
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
        }
    )
}

extension Duration {
    /// The duration in whole microseconds, rounded towards zero.
    package var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }

    /// The duration in whole nanoseconds, as ``GatewayClock/uptime`` counts; 0 when it is negative.
    package var wholeNanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        return UInt64(max(0, seconds)) * 1_000_000_000 + UInt64(max(0, attoseconds) / 1_000_000_000)
    }
}
