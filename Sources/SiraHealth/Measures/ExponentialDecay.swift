#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How much of a measurement still counts some time later.
enum ExponentialDecay {
    /// e to the power of -`elapsed`/`timeConstant`: 1 at first, then falling towards 0.
    static func weight(elapsed: UInt64, timeConstant: UInt64) -> Double {
        elapsed == 0 ? 1 : exp(-Double(elapsed) / Double(max(1, timeConstant)))
    }
}
