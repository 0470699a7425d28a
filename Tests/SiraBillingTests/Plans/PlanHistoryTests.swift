import SiraBilling
import SiraCore
import SiraStorage
import SiraTenancy
import SiraTesting
import Synchronization
import Testing

@Suite struct PlanHistoryTests {
    private let month = BillingMonth(Sample.day)

    /// Noon of that day of the month.
    private func noon(_ day: Int64) -> Timestamp {
        month.start.advanced(by: .seconds((day - 1) * 86_400 + 43_200))
    }

    private func plan(_ id: String, _ price: String, _ included: String = "0") -> Plan {
        var plan = Plan(id: id, name: id.uppercased(), price: usd(price))
        plan.includedCredit = usd(included)
        return plan
    }

    private func moved(_ before: String, _ after: String, on day: Int64) -> AuditEntry {
        entry("organization.update", "org_a", #"{"name":["A","B"],"plan":[\#(before),\#(after)]}"#, on: day)
    }

    private func entry(_ action: String, _ subject: String, _ changes: String, on day: Int64) -> AuditEntry {
        AuditEntry(at: noon(day), actor: "t", action: action, subject: subject, changes: Array(changes.utf8))
    }

    private func spells(_ plan: String?, _ plans: [Plan], _ entries: [AuditEntry]) async throws -> [PlanSpell] {
        let audit = MemoryAuditStore()
        for entry in entries { try await audit.append(entry) }
        return try await PlanHistory(audit: audit) { plans }.spells(of: "org_a", plan: plan, in: month)
    }

    private func fees(_ spells: [PlanSpell]) throws -> [String] {
        try PlanSpell.fees(spells, in: month).map { "\($0.description): \($0.amount)" }
    }

    @Test func `a plan that was never changed is charged for the whole month`() async throws {
        let spells = try await spells("a", [plan("a", "29", "10")], [])
        #expect(spells.count == 1)
        #expect(try fees(spells) == ["A, 2026-11: 29.000000000"])
        #expect(try PlanSpell.includedCredit(spells) == usd("10"))
    }

    @Test func `a change within the month is charged by the days left, and gives credit by them`() async throws {
        let plans = [plan("a", "29", "10"), plan("b", "199", "100")]
        let spells = try await spells("b", plans, [moved(#""a""#, #""b""#, on: 16)])
        #expect(spells.map(\.first.day) == [1, 16])
        #expect(
            try fees(spells) == ["A, 2026-11: 29.000000000", "B in place of A from 2026-11-16 on: 85.000000000"]
        )
        #expect(try PlanSpell.includedCredit(spells) == usd("55"))
    }

    @Test func `a change after the month, or before it, is nothing to the month`() async throws {
        let plans = [plan("a", "29"), plan("b", "199")]
        let later = AuditEntry(
            at: month.end,
            actor: "t",
            action: "organization.update",
            subject: "org_a",
            changes: Array(#"{"plan":["a","b"]}"#.utf8)
        )
        #expect(try fees(try await spells("b", plans, [later])) == ["A, 2026-11: 29.000000000"])
        #expect(try fees(try await spells("b", plans, [moved("null", #""b""#, on: -3)])) == ["B, 2026-11: 199.000000000"])
    }

    @Test func `a plan that begins or ends within the month is charged in part`() async throws {
        let begun = try await spells("a", [plan("a", "30", "3")], [moved("null", #""a""#, on: 21)])
        #expect(try fees(begun) == ["A from 2026-11-21 on: 10.000000000"])
        #expect(try PlanSpell.includedCredit(begun) == usd("1"))
        let ended = try await spells(nil, [plan("a", "30")], [moved(#""a""#, "null", on: 21)])
        #expect(try fees(ended) == ["A, 2026-11: 30.000000000", "A ended on 2026-11-21: -10.000000000"])
    }

    @Test func `a change that was undone on its day comes to nothing`() async throws {
        let entries = [moved(#""a""#, #""b""#, on: 9), moved(#""b""#, #""a""#, on: 9)]
        #expect(try await spells("a", [plan("a", "29"), plan("b", "199")], entries).count == 1)
    }

    @Test func `a plan's price is that of the day, even of a plan that is gone`() async throws {
        let dearer = entry("plan.update", "a", #"{"price_usd":["29.000000000","59.000000000"]}"#, on: 16)
        let changed = try await spells("a", [plan("a", "59")], [dearer])
        #expect(
            try fees(changed) == ["A, 2026-11: 29.000000000", "A at 59.000000000 USD from 2026-11-16 on: 15.000000000"]
        )
        let gone = entry("plan.delete", "x", #"{"name":["Old","null"],"price_usd":["60","null"]}"#, on: 17)
        let spells = try await spells("a", [plan("a", "30")], [moved(#""x""#, #""a""#, on: 16), gone])
        #expect(try fees(spells) == ["Old, 2026-11: 60.000000000", "A in place of Old from 2026-11-16 on: -15.000000000"])
    }

    @Test func `lines of the trail beyond a page are read`() async throws {
        let others = (0..<250).map { _ in entry("credit.top_up", "org_a", "{}", on: 20) }
        let plans = [plan("a", "29"), plan("b", "199")]
        #expect(try await spells("b", plans, [moved(#""a""#, #""b""#, on: 2)] + others).first?.plan?.id == "a")
    }
}

/// A trail in memory.
final class MemoryAuditStore: AuditStore {
    private let kept = Mutex<[AuditEntry]>([])

    func append(_ entry: AuditEntry) async throws {
        kept.withLock { $0.append(entry.numbered(Int64($0.count) + 1, after: $0.last?.digest ?? "")) }
    }

    func entries(_ filter: AuditFilter) async throws -> [AuditEntry] {
        kept.withLock { entries in
            entries.reversed().filter { entry in
                filter.since.map { entry.at >= $0 } ?? true && filter.subject.map { entry.subject == $0 } ?? true
                    && filter.before.map { entry.number < $0 } ?? true
            }
            .prefix(filter.limit).map(\.self)
        }
    }

    func firstBroken() async throws -> Int64? { nil }
}
