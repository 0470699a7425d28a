import SiraCore
import Synchronization

/// Keeps those apart from the passwords who try many.
///
/// Attempts count before they are looked at, so that many at once are no way around it. After ``Rule/free`` wrong ones
/// each further wrong one doubles the time until the next may be tried. Accounts that are not there count like those
/// that are.
final class SignInThrottle: Sendable {
    /// How often attempts of one kind may be wrong.
    struct Rule: Sendable {
        /// So many may be wrong one after the other without any wait.
        let free: Int
        /// The longest wait, in seconds.
        let longest: UInt64
        /// Whether many people stand behind one name.
        let isShared: Bool

        /// Few, since one person has one password; and a short wait, since others may cause it.
        static let account = Rule(free: 5, longest: 300, isShared: false)
        /// More, since many people may come from one address.
        static let address = Rule(free: 20, longest: 900, isShared: true)
    }

    private struct Record {
        var wrong: Int
        /// In nanoseconds of ``GatewayClock/uptime``.
        var openAt: UInt64
        var lastAt: UInt64
    }

    private let clock: GatewayClock
    private let records = Mutex<[String: Record]>([:])

    /// After so many nanoseconds without an attempt all are forgotten.
    private static let memory: UInt64 = 3_600_000_000_000
    /// How many names are told apart; beyond that the one that was tried longest ago is forgotten.
    static let room = 20_000

    init(clock: GatewayClock) {
        self.clock = clock
    }

    /// Counts an attempt as wrong until ``succeeded(_:)`` says otherwise.
    ///
    /// - Throws: ``SignInError/tooMany(_:)`` when it is too early for one; it then does not count.
    func begin(_ names: [(name: String, rule: Rule)]) throws(SignInError) {
        let now = clock.uptime()
        let wait = records.withLock { records -> UInt64? in
            let waits = names.compactMap { name, _ in records[name].flatMap { $0.openAt > now ? $0.openAt - now : nil }
            }
            if let longest = waits.max() { return longest }
            for (name, rule) in names {
                if records[name] == nil, records.count >= Self.room { Self.makeRoom(&records, now) }
                var record = records[name] ?? Record(wrong: 0, openAt: now, lastAt: now)
                if now - record.lastAt > Self.memory { record.wrong = 0 }
                record.wrong += 1
                record.lastAt = now
                let excess = record.wrong - rule.free
                let pause = excess < 0 ? 0 : excess > 20 ? rule.longest : min(rule.longest, 1 << UInt64(excess))
                record.openAt = now + pause * 1_000_000_000
                records[name] = record
            }
            return nil
        }
        if let wait { throw .tooMany(Int((wait + 999_999_999) / 1_000_000_000)) }
    }

    /// The attempt was right: names of one person are forgiven everything, shared ones this attempt.
    ///
    /// Whoever has an account of their own must not thereby get rid of what their address has done.
    func succeeded(_ names: [(name: String, rule: Rule)]) {
        for (name, rule) in names { forgive(name, isWhole: !rule.isShared) }
    }

    /// The attempt was not looked at, and so was neither right nor wrong.
    func withdraw(_ names: [(name: String, rule: Rule)]) {
        for (name, _) in names { forgive(name, isWhole: false) }
    }

    private func forgive(_ name: String, isWhole: Bool) {
        let now = clock.uptime()
        records.withLock { records in
            guard !isWhole, var record = records[name], record.wrong > 1 else {
                records[name] = nil
                return
            }
            record.wrong -= 1
            record.openAt = min(record.openAt, now)
            records[name] = record
        }
    }

    private static func makeRoom(_ records: inout [String: Record], _ now: UInt64) {
        records = records.filter { now - $0.value.lastAt <= memory }
        guard records.count >= room, let oldest = records.min(by: { $0.value.lastAt < $1.value.lastAt }) else { return }
        records[oldest.key] = nil
    }
}
