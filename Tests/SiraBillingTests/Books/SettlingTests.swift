import SiraBilling
import SiraCore
import SiraStorage
import SiraTesting
import Testing

@Suite struct SettlingTests {
    private func settle(
        _ books: Books,
        _ charged: String,
        overdraft: String = "0",
        givesBack: Bool = false
    ) async throws -> ChainedTransfer? {
        try await books.settleUsage(
            of: "org_a",
            on: Sample.day,
            charged: usd(charged),
            overdraft: usd(overdraft),
            givesBack: givesBack,
            at: Sample.now
        )
    }

    @Test func `usage is taken from included credit, then from what was paid, and the rest is owed`() async throws {
        let books = Sample.books()
        try await books.grantIncluded(usd("2"), to: "org_a", for: BillingMonth(Sample.day), at: Sample.now)
        try await Sample.topUp(books, 3_000_000_000)
        #expect(try await settle(books, "1") != nil)
        #expect(try await books.balance(of: .included("org_a")) == usd("1"))
        #expect(try await settle(books, "4.5") != nil)
        #expect(try await books.balance(of: .included("org_a")) == .zero)
        #expect(try await books.balance(of: .credit("org_a")) == usd("0.5"))
        #expect(try await settle(books, "6") != nil)
        #expect(try await books.balance(of: .credit("org_a")) == .zero)
        #expect(try await books.balance(of: .receivable("org_a")) == usd("-1"))
        #expect(try await books.balance(of: .usageRevenue) == usd("6"))
    }

    @Test func `the same day handed in again changes nothing`() async throws {
        let books = Sample.books()
        try await Sample.topUp(books, 3_000_000_000)
        let first = try await settle(books, "2")
        #expect(first?.transfer.key == "usage:org_a:2026-11-21/1")
        #expect(try await settle(books, "2") == nil)
        #expect(try await settle(books, "2.1")?.transfer.key == "usage:org_a:2026-11-21/2")
        #expect(try await books.balance(of: .credit("org_a")) == usd("0.9"))
    }

    @Test func `an overdraft is used to its bound and no further`() async throws {
        let books = Sample.books()
        try await Sample.topUp(books, 1_000_000_000)
        _ = try await settle(books, "5", overdraft: "1.5")
        #expect(try await books.balance(of: .credit("org_a")) == usd("-1.5"))
        #expect(try await books.balance(of: .receivable("org_a")) == usd("-2.5"))
    }

    @Test func `a day that came to more before is told of`() async throws {
        let books = Sample.books()
        _ = try await settle(books, "2")
        await #expect(throws: BillingError.self) { try await settle(books, "1") }
        await #expect(throws: BillingError.self) { try await settle(books, "-1") }
    }

    @Test func `what was charged too much comes back to where it was taken from, the last taken first`() async throws {
        let books = Sample.books()
        try await books.grantIncluded(usd("2"), to: "org_a", for: BillingMonth(Sample.day), at: Sample.now)
        try await Sample.topUp(books, 3_000_000_000)
        _ = try await settle(books, "6")
        let back = try await settle(books, "4.5", givesBack: true)
        #expect(back?.transfer.key == "usage:org_a:2026-11-21/2" && back?.transfer.kind == .usage)
        #expect(try await books.balance(of: .receivable("org_a")) == .zero)
        #expect(try await books.balance(of: .credit("org_a")) == usd("0.5"))
        _ = try await settle(books, "1", givesBack: true)
        #expect(try await books.balance(of: .credit("org_a")) == usd("3"))
        #expect(try await books.balance(of: .included("org_a")) == usd("1"))
        #expect(try await settle(books, "1", givesBack: true) == nil, "handed in again")
        _ = try await settle(books, "2.5", givesBack: true)
        #expect(try await books.balance(of: .included("org_a")) == .zero)
        #expect(try await books.balance(of: .credit("org_a")) == usd("2.5"))
        #expect(try await books.balance(of: .usageRevenue) == usd("2.5"))
    }

    @Test func `a day that comes to less than nothing stands to the organization's credit`() async throws {
        let books = Sample.books()
        _ = try await settle(books, "2")
        _ = try await settle(books, "-1", givesBack: true)
        #expect(try await books.balance(of: .receivable("org_a")) == .zero)
        #expect(try await books.balance(of: .credit("org_a")) == usd("1"))
        _ = try await settle(books, "0", givesBack: true)
        #expect(try await books.balance(of: .credit("org_a")) == .zero)
    }

    @Test func `a correction of a settled day is settled by what the roll-ups come to now`() async throws {
        let (books, usage) = (Sample.books(), MemoryUsageStore())
        let settlement = Settlement(books: books, rollups: usage)
        var random = SeededRandom(seed: 1)
        var record = UsageRecord(request: RequestID(at: Sample.now, using: &random), startedAt: Sample.now)
        (record.organization, record.provider, record.model, record.attempt) = ("org_a", "p", "m", 1)
        (record.isFinal, record.charge) = (true, usd("2"))
        _ = try await usage.insert([record])
        let before = try await settlement.days(since: nil)
        for day in before { try await settlement.settle(day, at: Sample.now) }
        #expect(try await books.balance(of: .usageRevenue) == usd("2"))
        var correction = record.takenBack
        (correction.attempt, correction.isFinal) = (2, false)
        _ = try await usage.insert([correction])
        let after = try await settlement.days(since: nil)
        #expect(after.map(\.charged) == [.zero], "a day of nothing is told of")
        for day in after { try await settlement.settle(day, at: Sample.now) }
        #expect(try await books.balance(of: .usageRevenue) == .zero)
        #expect(try await books.balance(of: .receivable("org_a")) == .zero)
        (correction.attempt, correction.charge) = (3, usd("1"))
        _ = try await usage.insert([correction])
        // Old figures, from before the others: what is there now counts, and nothing of it is taken back.
        for day in try await settlement.days(since: nil) { try await settlement.settle(day, at: Sample.now) }
        for day in after { #expect(try await settlement.settle(day, at: Sample.now) == nil) }
        #expect(try await books.balance(of: .usageRevenue) == usd("1"))
        #expect(try await books.verify().sequence == 3)
    }

    @Test func `sums that retention takes away give nothing back`() async throws {
        let books = Sample.books()
        _ = try await settle(books, "2")
        let usage = MemoryUsageStore()
        var random = SeededRandom(seed: 1)
        var record = UsageRecord(request: RequestID(at: Sample.now, using: &random), startedAt: Sample.now)
        (record.organization, record.provider, record.model, record.charge) = ("org_a", "p", "m", usd("1"))
        _ = try await usage.insert([record])
        var settlement = Settlement(books: books, rollups: usage)
        let day = try #require(try await settlement.days(since: nil).first)
        let empty = Settlement(books: books, rollups: MemoryUsageStore())
        #expect(try await empty.settle(day, at: Sample.now) == nil, "it is gone altogether by now")
        settlement.keptSince = { Sample.now }
        #expect(try await settlement.settle(day, at: Sample.now) == nil, "half of it may be gone")
        #expect(try await books.balance(of: .usageRevenue) == usd("2"))
        settlement.keptSince = { .earliest }
        #expect(try await settlement.settle(day, at: Sample.now) != nil)
        #expect(try await books.balance(of: .usageRevenue) == usd("1"))
    }

    @Test func `many that settle the same day at once charge for it once`() async throws {
        let books = Sample.books()
        try await Sample.topUp(books, 3_000_000_000)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for step in 1...8 {
                for _ in 0..<2 {
                    group.addTask {
                        // Some see less than was charged for by others already.
                        do { _ = try await settle(books, "0.\(step)") } catch BillingError.settledMore {}
                    }
                }
            }
            try await group.waitForAll()
        }
        _ = try await settle(books, "0.8")
        #expect(try await books.balance(of: .usageRevenue) == usd("0.8"))
        #expect(try await books.balance(of: .credit("org_a")) == usd("2.2"))
    }
}
