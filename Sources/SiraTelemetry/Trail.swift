/// When each stage of one request ended.
///
/// A plain value of fixed size that lives inside the request: marking a stage costs one store and no memory. Times are
/// nanoseconds of ``SiraCore/GatewayClock/uptime``.
package struct Trail: Hashable, Sendable {
    /// When the request arrived.
    package let start: UInt64
    /// Indexed by ``Stage``; zero where the stage was not reached.
    private var ends = SIMD8<UInt64>(repeating: 0)

    package init(start: UInt64) {
        self.start = start
    }

    /// Says that `stage` ended at `now`.
    ///
    /// A stage that is entered twice keeps its last end.
    package mutating func mark(_ stage: Stage, at now: UInt64) {
        ends[stage.rawValue] = max(now, 1)
    }

    /// Nanoseconds from the end of the last stage before it that was reached; nil when `stage` was not reached.
    package func duration(of stage: Stage) -> UInt64? {
        let end = ends[stage.rawValue]
        guard end > 0 else { return nil }
        var begin = start
        for earlier in 0..<stage.rawValue where ends[earlier] > 0 { begin = max(begin, ends[earlier]) }
        return end > begin ? end - begin : 0
    }
}
