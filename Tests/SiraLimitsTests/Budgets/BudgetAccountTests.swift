import SiraCore
import SiraLimits
import SiraTenancy
import SiraTesting
import Testing

private func dollars(_ count: Int64) -> NanoUSD { NanoUSD(nanos: count * NanoUSD.perDollar) }

private func day(_ text: String) throws -> Timestamp { try #require(CalendarDay(text)).start }

private func rule(_ amount: NanoUSD, _ period: BudgetRule.Period) -> BudgetRule {
    BudgetRule(id: "b", scope: .gateway, amount: amount, period: period)
}

extension BudgetAccount {
    fileprivate convenience init(_ rule: BudgetRule, at now: Timestamp) {
        self.init(rule, scope: rule.scope, alerts: BudgetAlerts(), at: now)
    }

    fileprivate func spend(_ amount: NanoUSD, at now: Timestamp) -> Bool {
        guard reserve(amount, at: now) == nil else { return false }
        settle(reserved: amount, actual: amount, at: now)
        return true
    }
}

@Suite struct BudgetAccountTests {
    @Test func `what is settled and reserved never goes beyond the allowance`() throws {
        let now = try day("2026-05-10")
        let account = BudgetAccount(rule(dollars(10), .calendar(.month)), at: now)
        #expect(account.reserve(dollars(6), at: now) == nil)
        let refusal = try #require(account.reserve(dollars(5), at: now))
        #expect(refusal.reason == .budget(.calendar(.month)))
        #expect(refusal.recovery == .whenOthersEnd)
        account.settle(reserved: dollars(6), actual: dollars(7), at: now)
        #expect(account.reserve(dollars(3), at: now) == nil)
        account.release(dollars(3), at: now)
        let status = account.status(at: now)
        #expect(status.settled == dollars(7))
        #expect(status.reserved == .zero)
    }

    @Test func `a spent budget is refused until its period ends and then begins anew`() throws {
        let now = try day("2024-02-29")
        let account = BudgetAccount(rule(dollars(1), .calendar(.month)), at: now)
        #expect(account.spend(dollars(1), at: now))
        let refusal = try #require(account.reserve(NanoUSD(nanos: 1), at: now))
        #expect(refusal.retryAfter == .seconds(86_400))
        #expect(refusal.renewal == CalendarDay("2024-03-01")?.start)
        #expect(account.status(at: now).state == .frozen)
        let march = try day("2024-03-01")
        #expect(account.reserve(dollars(1), at: march.advanced(by: .microseconds(-1))) != nil)
        #expect(account.reserve(dollars(1), at: march) == nil)
        #expect(account.status(at: march).settled == .zero)
        #expect(account.status(at: march).reserved == dollars(1))
    }

    @Test func `a request that is more than the whole budget is told that waiting does not help`() throws {
        let now = try day("2026-05-10")
        let account = BudgetAccount(rule(dollars(1), .calendar(.day)), at: now)
        #expect(account.reserve(dollars(2), at: now)?.recovery == .never)
        // Which says nothing about usual ones.
        #expect(account.status(at: now).state == .ok)
        let total = BudgetAccount(rule(dollars(1), .total), at: now)
        #expect(total.spend(dollars(1), at: now))
        #expect(total.reserve(NanoUSD(nanos: 1), at: now)?.retryAfter == nil)
    }

    @Test func `money of a rolling budget comes back slice by slice and never too early`() throws {
        let start = try day("2026-05-10")
        let account = BudgetAccount(rule(dollars(10), .rolling(.seconds(95 * 60))), at: start)
        #expect(account.spend(dollars(4), at: start))
        #expect(account.spend(dollars(6), at: start.advanced(by: .seconds(600))))
        let late = start.advanced(by: .seconds(95 * 60))
        let refusal = try #require(account.reserve(dollars(3), at: late))
        #expect(refusal.retryAfter == .seconds(60))
        let more = try #require(account.reserve(dollars(5), at: late))
        #expect(more.retryAfter == .seconds(660))
        #expect(account.reserve(dollars(3), at: late.advanced(by: .seconds(60))) == nil)
        #expect(account.status(at: late.advanced(by: .seconds(60))).settled == dollars(6))
        #expect(account.status(at: late.advanced(by: .seconds(100_000))).settled == .zero)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `a rolling budget remembers at least its time and at most a slice more`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let length = Int64.random(in: 1_000...100_000_000, using: &random)
        var now = try day("2026-05-10")
        var unlimited = rule(dollars(1_000_000), .rolling(.microseconds(length)))
        unlimited.warnAt = []
        let account = BudgetAccount(unlimited, at: now)
        var spent: [(at: Timestamp, nanos: Int64)] = []
        for _ in 0..<300 {
            now = now.advanced(by: .microseconds(Int64.random(in: 0...length / 30, using: &random)))
            let nanos = Int64.random(in: 0...1_000, using: &random)
            #expect(account.spend(NanoUSD(nanos: nanos), at: now))
            spent.append((now, nanos))
            let settled = account.status(at: now).settled.nanos
            func sum(within time: Int64) -> Int64 {
                spent.filter { now.microseconds - $0.at.microseconds < time }.reduce(0) { $0 + $1.nanos }
            }
            #expect(settled >= sum(within: length))
            #expect(settled <= sum(within: length + length / 95 + 96))
        }
    }

    @Test func `an override allows more until its time`() throws {
        let now = try day("2026-05-10")
        var generous = rule(dollars(1), .calendar(.month))
        generous.override = .init(extra: dollars(1), until: try day("2026-05-12"), reason: "a demonstration")
        let account = BudgetAccount(generous, at: now)
        #expect(account.spend(dollars(1), at: now))
        #expect(account.status(at: now).allowance == dollars(2))
        #expect(account.reserve(dollars(1), at: now) == nil)
        account.release(dollars(1), at: now)
        #expect(account.reserve(NanoUSD(nanos: 1), at: try day("2026-05-12")) != nil)
        #expect(account.status(at: try day("2026-05-12")).state == .frozen)
    }

    @Test func `another amount counts at once and keeps what was spent and reserved`() throws {
        let now = try day("2026-05-10")
        let account = BudgetAccount(rule(dollars(2), .calendar(.month)), at: now)
        #expect(account.spend(dollars(1), at: now))
        #expect(account.reserve(dollars(1), at: now) == nil)
        account.adopt(rule(dollars(1), .calendar(.month)), at: now)
        #expect(account.reserve(NanoUSD(nanos: 1), at: now) != nil)
        account.adopt(rule(dollars(3), .calendar(.month)), at: now)
        #expect(account.reserve(dollars(1), at: now) == nil)
        #expect(account.status(at: now).settled == dollars(1))
        #expect(account.status(at: now).reserved == dollars(2))
        account.adopt(rule(dollars(3), .rolling(.seconds(3_600))), at: now)
        #expect(account.status(at: now).settled == dollars(1))
        #expect(account.status(at: now).reserved == dollars(2))
    }

    @Test func `requests without a price are refused or let through as the rule says`() throws {
        let now = try day("2026-05-10")
        var open = rule(dollars(1), .calendar(.month))
        #expect(BudgetAccount(open, at: now).reserve(nil, at: now)?.reason == .unpriced)
        open.unpriced = .allow
        let account = BudgetAccount(open, at: now)
        #expect(account.reserve(nil, at: now) == nil)
        #expect(account.status(at: now).reserved == .zero)
        #expect(account.spend(dollars(1), at: now))
        #expect(account.reserve(nil, at: now) != nil)
        // What is known to cost nothing takes nothing.
        #expect(account.reserve(.zero, at: now) == nil)
    }

    @Test func `a budget that only tells lets everything through`() throws {
        let now = try day("2026-05-10")
        var telling = rule(dollars(1), .calendar(.month))
        telling.hardAction = .alert
        let account = BudgetAccount(telling, at: now)
        #expect(account.spend(dollars(5), at: now))
        #expect(account.spend(dollars(5), at: now))
        #expect(account.status(at: now).state == .warned(1_000))
    }

    @Test func `what the books say of the period at hand is restored`() throws {
        let now = try day("2026-05-10")
        let slices = [
            SpentSlice(start: try day("2026-04-30"), spent: dollars(50)),
            SpentSlice(start: try day("2026-05-01"), spent: dollars(3)),
            SpentSlice(start: try day("2026-05-09"), spent: dollars(4)),
        ]
        let monthly = BudgetAccount(rule(dollars(10), .calendar(.month)), at: now)
        monthly.restore(slices, at: now)
        #expect(monthly.status(at: now).settled == dollars(7))
        let rolling = BudgetAccount(rule(dollars(10), .rolling(.seconds(5 * 86_400))), at: now)
        rolling.restore(slices, at: now)
        #expect(rolling.status(at: now).settled == dollars(4))
        let total = BudgetAccount(rule(dollars(100), .total), at: now)
        total.restore(slices, at: now)
        #expect(total.status(at: now).settled == dollars(57))
    }

    @Test func `absurd amounts do not overflow`() throws {
        let now = try day("2026-05-10")
        var telling = rule(NanoUSD(nanos: .max), .rolling(.seconds(60)))
        telling.hardAction = .alert
        let account = BudgetAccount(telling, at: now)
        for _ in 0..<5 { #expect(account.reserve(NanoUSD(nanos: .max), at: now) == nil) }
        for _ in 0..<5 {
            account.settle(reserved: NanoUSD(nanos: .max), actual: NanoUSD(nanos: .max), at: now)
        }
        #expect(account.status(at: now).settled == NanoUSD(nanos: .max))
        #expect(account.status(at: now).reserved == .zero)
        #expect(account.status(at: now.advanced(by: .seconds(200))).settled == .zero)
        #expect(account.reserve(NanoUSD(nanos: -5), at: now) == nil)
        #expect(account.status(at: now).reserved == .zero)
    }
}
