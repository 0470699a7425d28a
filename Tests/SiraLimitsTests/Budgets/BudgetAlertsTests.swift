import SiraCore
import SiraLimits
import SiraTenancy
import SiraTesting
import Testing

private func cents(_ count: Int64) -> NanoUSD { NanoUSD(nanos: count * 10_000_000) }

private func rule(_ period: BudgetRule.Period = .calendar(.day)) -> BudgetRule {
    var rule = BudgetRule(id: "b", scope: .gateway, amount: cents(100), period: period)
    rule.softAt = 950
    rule.softModel = "small"
    return rule
}

@Suite struct BudgetAlertsTests {
    let alerts = BudgetAlerts()
    let now = CalendarDay(daysSinceEpoch: 20_000).start

    private func spend(_ count: Int64, from account: BudgetAccount, at now: Timestamp) {
        account.settle(reserved: .zero, actual: cents(count), at: now)
    }

    private func kinds(at now: Timestamp) -> [BudgetCrossing.Kind] { alerts.drain(at: now).crossings.map(\.kind) }

    @Test func `each level is told once a period`() {
        let account = BudgetAccount(rule(), scope: .gateway, alerts: alerts, at: now)
        spend(79, from: account, at: now)
        #expect(kinds(at: now) == [])
        spend(2, from: account, at: now)
        spend(2, from: account, at: now)
        #expect(kinds(at: now) == [.warned(800)])
        #expect(account.softModel(at: now) == nil)
        spend(13, from: account, at: now)
        #expect(kinds(at: now) == [.warned(900), .soft])
        #expect(account.softModel(at: now) == "small")
        #expect(account.status(at: now).state == .soft)
        spend(5, from: account, at: now)
        #expect(kinds(at: now) == [.warned(1_000), .frozen])
        spend(5, from: account, at: now)
        #expect(kinds(at: now) == [])
        let tomorrow = now.advanced(by: .seconds(86_400))
        #expect(kinds(at: tomorrow) == [.unfrozen])
        #expect(kinds(at: tomorrow) == [])
        spend(85, from: account, at: tomorrow)
        #expect(kinds(at: tomorrow) == [.warned(800)])
    }

    @Test func `a budget with too little left for usual requests is told to be frozen`() {
        let account = BudgetAccount(rule(), scope: .gateway, alerts: alerts, at: now)
        spend(99, from: account, at: now)
        #expect(kinds(at: now) == [.warned(800), .warned(900), .soft])
        #expect(account.reserve(cents(50), at: now) != nil)
        #expect(kinds(at: now) == [])
        #expect(account.reserve(cents(5), at: now) != nil)
        #expect(kinds(at: now) == [.frozen])
        #expect(account.status(at: now).state == .frozen)
    }

    @Test func `more money unfreezes at once and levels may be reached again`() {
        let account = BudgetAccount(rule(), scope: .gateway, alerts: alerts, at: now)
        spend(100, from: account, at: now)
        #expect(kinds(at: now).last == .frozen)
        var more = rule()
        more.override = .init(
            extra: cents(100),
            until: now.advanced(by: .seconds(3_600)),
            reason: "the demonstration is today"
        )
        account.adopt(more, at: now)
        #expect(kinds(at: now) == [.unfrozen])
        #expect(account.status(at: now).state == .ok)
        spend(65, from: account, at: now)
        #expect(kinds(at: now) == [.warned(800)])
        spend(40, from: account, at: now)
        #expect(kinds(at: now) == [.warned(900), .warned(1_000), .soft, .frozen])
    }

    @Test func `the end of an override freezes again`() {
        var more = rule()
        more.override = .init(extra: cents(100), until: now.advanced(by: .seconds(60)), reason: "a demonstration")
        let account = BudgetAccount(more, scope: .gateway, alerts: alerts, at: now)
        spend(150, from: account, at: now)
        #expect(kinds(at: now) == [])
        let later = now.advanced(by: .seconds(60))
        #expect(account.reserve(cents(30), at: later) != nil)
        #expect(kinds(at: later) == [.warned(800), .warned(900), .warned(1_000), .soft, .frozen])
    }

    @Test func `a rolling budget that lingers about its amount is told of once`() {
        let account = BudgetAccount(rule(.rolling(.seconds(950))), scope: .gateway, alerts: alerts, at: now)
        var time = now
        var told: [BudgetCrossing.Kind] = []
        for _ in 0..<300 {
            time = time.advanced(by: .seconds(10))
            if account.reserve(cents(1), at: time) == nil {
                account.settle(reserved: cents(1), actual: cents(2), at: time)
            }
            told += kinds(at: time)
        }
        #expect(told == [.warned(800), .warned(900), .soft, .warned(1_000), .frozen])
        #expect(kinds(at: time.advanced(by: .seconds(300))) == [.unfrozen])
    }

    @Test func `after a restart nobody is told again but the end of a freeze is told`() {
        let account = BudgetAccount(rule(), scope: .gateway, alerts: alerts, at: now)
        account.restore([SpentSlice(start: now, spent: cents(100))], at: now)
        #expect(kinds(at: now) == [])
        #expect(account.status(at: now).state == .frozen)
        #expect(kinds(at: now.advanced(by: .seconds(86_400))) == [.unfrozen])
    }
}
