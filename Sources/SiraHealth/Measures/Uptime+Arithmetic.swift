/// Arithmetic with times of ``GatewayClock/uptime`` that neither wraps nor ends the process.
///
/// Lanes read the clock for themselves, so a time may be a little older than one that came before it.
extension UInt64 {
    /// What has passed since `earlier`; 0 where `earlier` is the later one.
    func passed(since earlier: UInt64) -> UInt64 { self > earlier ? self - earlier : 0 }

    /// This time and `span` after it; the last of all times where there is none so late.
    func later(by span: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(span)
        return overflow ? .max : sum
    }

    static let nanosecondsPerMicrosecond: UInt64 = 1_000
    static let nanosecondsPerSecond: UInt64 = 1_000_000_000
}
