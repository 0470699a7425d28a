import SiraCore
import Synchronization

/// Counts wrong tokens by the address that they came from, so that nobody can try many.
///
/// Each address has ``burst`` attempts, and gets one back every ``pause``. So many addresses are told apart as there is
/// room for; beyond that the one whose last failure is longest ago is forgotten.
final class FailedAttempts: Sendable {
    private struct Record {
        /// When all attempts will have come back, in nanoseconds of ``GatewayClock/uptime``.
        var clearAt: UInt64
    }

    private let clock: GatewayClock
    private let records = Mutex<[String: Record]>([:])

    static let burst: UInt64 = 10
    static let pause: UInt64 = 6_000_000_000
    static let room = 1_024

    init(clock: GatewayClock) {
        self.clock = clock
    }

    /// How many addresses are told apart at the moment.
    var size: Int { records.withLock { $0.count } }

    /// Seconds until the address may try again; nil when it may now.
    func wait(_ address: String) -> Int? {
        let now = clock.uptime()
        return records.withLock { $0[address].flatMap { Self.wait($0, now) } }
    }

    /// Counts a failure.
    ///
    /// - Returns: as ``wait(_:)`` for the attempt that failed.
    func count(_ address: String) -> Int? {
        let now = clock.uptime()
        return records.withLock { records in
            let record = records[address]
            if let record, let wait = Self.wait(record, now) { return wait }
            if record == nil, records.count >= Self.room { Self.makeRoom(&records, now) }
            records[address] = Record(clearAt: max(record?.clearAt ?? 0, now) + Self.pause)
            return nil
        }
    }

    private static func wait(_ record: Record, _ now: UInt64) -> Int? {
        let full = now + burst * pause
        // One more failure must not reach beyond what is full.
        guard record.clearAt + pause > full else { return nil }
        return Int((record.clearAt + pause - full + 999_999_999) / 1_000_000_000)
    }

    private static func makeRoom(_ records: inout [String: Record], _ now: UInt64) {
        records = records.filter { $0.value.clearAt > now }
        guard records.count >= room, let oldest = records.min(by: { $0.value.clearAt < $1.value.clearAt }) else {
            return
        }
        records[oldest.key] = nil
    }
}
