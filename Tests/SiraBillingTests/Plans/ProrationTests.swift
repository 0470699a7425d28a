import SiraBilling
import SiraCore
import Testing

@Suite struct ProrationTests {
    private func plan(_ price: String, included: String = "0") -> Plan {
        var plan = Plan(id: price, name: "", price: usd(price))
        plan.includedCredit = usd(included)
        return plan
    }

    private func proration(_ old: Plan, _ new: Plan, _ day: String) throws -> Proration {
        try Proration(from: old, to: new, on: try #require(CalendarDay(day)))
    }

    @Test(arguments: [
        ("29", "199", "2026-11-01", "170"), ("29", "199", "2026-11-16", "85"),
        ("29", "199", "2026-11-30", "5.666666667"), ("199", "29", "2026-11-16", "-85"),
        ("0", "31", "2026-10-31", "1"), ("0", "1", "2026-02-28", "0.035714286"),
    ])
    func `the difference is charged for the days that are left`(
        old: String,
        new: String,
        day: String,
        expected: String
    ) throws {
        #expect(try proration(plan(old), plan(new), day).charge == usd(expected))
    }

    @Test func `a change and its undoing on the same day come to zero, on any day`() throws {
        for day in 1...30 {
            let text = "2026-11-" + (day < 10 ? "0\(day)" : "\(day)")
            let there = try proration(plan("29"), plan("1999.99"), text)
            let back = try proration(plan("1999.99"), plan("29"), text)
            #expect(there.charge.nanos + back.charge.nanos == 0)
            #expect(there.left == Int64(31 - day) && there.days == 30)
        }
    }

    @Test func `included credit changes by the share of the days that are left`() throws {
        let (small, large) = (plan("1", included: "10"), plan("2", included: "100"))
        #expect(try proration(small, large, "2026-11-16").includedCredit == usd("45"))
        #expect(try proration(large, small, "2026-11-16").includedCredit == usd("-45"))
    }
}
