import SiraBilling
import SiraCore
import SiraStorage
import SiraTesting
import Testing

@Suite struct SettlingTests {
    private func settle(_ books: Books, _ charged: String, overdraft: String = "0") async throws -> ChainedTransfer? {
        try await books.settleUsage(
            of: "org_a",
            on: Sample.day,
            charged: usd(charged),
            overdraft: usd(overdraft),
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
