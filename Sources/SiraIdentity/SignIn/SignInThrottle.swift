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
        static let person = Rule(free: 5, longest: 300, isShared: false)
        /// More for one account from everywhere: else anybody who knows an address could keep its owner out with a few
        /// wrong passwords a day.
        static let account = Rule(free: 50, longest: 300, isShared: false)
        /// More, since many people may come from one address.
        static let address = Rule(free: 20, longest: 900, isShared: true)
    }

    /// What an attempt counts under, and by which rule.
    typealias Name = (name: String, rule: Rule)

    private struct Record {
        var wrong = 0
        /// In nanoseconds of ``GatewayClock/uptime``.
        var openAt: UInt64
        var lastAt: UInt64
        /// Whether so many were wrong that each further one waits.
        var isSlowed = false

        /// How much is lost when this is forgotten: least where nothing was slowed down, most where somebody waits.
        func weight(at now: UInt64) -> Int { openAt > now ? 2 : isSlowed ? 1 : 0 }

        func isOver(at now: UInt64) -> Bool { openAt <= now && lastAt <= now && now - lastAt > SignInThrottle.memory }
    }

    private let clock: GatewayClock
    private let records = Mutex<[String: Record]>([:])

    /// After so many nanoseconds without an attempt all are forgotten.
    private static let memory: UInt64 = 3_600_000_000_000
    /// How many names are told apart.
    ///
    /// Beyond that those are forgotten that were tried longest ago, and first those who need not wait: else many names
    /// that nobody has would be a way to have the wrong attempts at one forgotten.
    private let room: Int

    init(clock: GatewayClock, room: Int = 20_000) {
        self.clock = clock
        self.room = room
    }

    /// Counts an attempt as wrong until ``succeeded(_:)`` says otherwise.
    ///
    /// - Throws: ``SignInError/tooMany(_:)`` when it is too early for one; it then does not count.
    func begin(_ names: [Name]) throws(SignInError) {
        let wait = records.withLock { records -> UInt64? in
            // Read while nobody else is here, so that no record is from later.
            let now = clock.uptime()
            let ends = names.compactMap { name, _ in records[name]?.openAt }
            if let last = ends.max(), last > now { return last - now }
            for (name, rule) in names {
                if records[name] == nil, records.count >= room { makeRoom(&records, now) }
                var record = records[name] ?? Record(openAt: now, lastAt: now)
                if record.isOver(at: now) { record = Record(openAt: now, lastAt: now) }
                record.wrong += 1
                record.lastAt = now
                let excess = record.wrong - rule.free
                let pause = excess < 0 ? 0 : excess > 20 ? rule.longest : min(rule.longest, 1 << UInt64(excess))
                record.isSlowed = pause > 0
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
    func succeeded(_ names: [Name]) {
        for (name, rule) in names { forgive(name, isWhole: !rule.isShared) }
    }

    /// The attempt was not looked at, and so was neither right nor wrong.
    func withdraw(_ names: [Name]) {
        for (name, _) in names { forgive(name, isWhole: false) }
    }

    private func forgive(_ name: String, isWhole: Bool) {
        records.withLock { records in
            guard !isWhole, var record = records[name], record.wrong > 1 else {
                records[name] = nil
                return
            }
            record.wrong -= 1
            record.openAt = min(record.openAt, clock.uptime())
            records[name] = record
        }
    }

    /// Forgets several at once, so that not each further name has all of them looked at.
    private func makeRoom(_ records: inout [String: Record], _ now: UInt64) {
        records = records.filter { !$0.value.isOver(at: now) }
        guard records.count >= room else { return }
        let inOrder = records.map { (name: $0.key, weight: $0.value.weight(at: now), lastAt: $0.value.lastAt) }
            .sorted { ($0.weight, $0.lastAt) < ($1.weight, $1.lastAt) }
        for (name, _, _) in inOrder.prefix(room / 16) { records[name] = nil }
    }
}
