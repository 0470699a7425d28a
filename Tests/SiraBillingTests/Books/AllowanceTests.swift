import SiraBilling
import SiraCore
import SiraStorage
import SiraTesting
import Testing

@Suite struct AllowanceTests {
    private let books = Sample.books()

    @Test func `settling usage leaves what may be spent in all as it is`() async throws {
        try await books.topUp("org_a", by: usd("1"), reference: "r", reason: "bank", at: Sample.now)
        try await books.grantIncluded(usd("0.5"), to: "org_a", for: BillingMonth(Sample.now), at: Sample.now)
        #expect(try await books.allowances() == ["org_a": usd("1.5")])
        try await books.settleUsage(of: "org_a", on: Sample.day, charged: usd("0.7"), at: Sample.now)
        #expect(try await books.allowances() == ["org_a": usd("1.5")])
    }

    @Test func `usage that no credit paid counts as spent, so that later credit is whole`() async throws {
        try await books.settleUsage(of: "org_a", on: Sample.day, charged: usd("3"), at: Sample.now)
        #expect(try await books.allowances() == ["org_a": usd("3")])
        try await books.topUp("org_a", by: usd("2"), reference: "r", reason: "bank", at: Sample.now)
        #expect(try await books.allowances() == ["org_a": usd("5")])
    }

    @Test func `a payment counts once under its reference, and an amount that is none is refused`() async throws {
        let first = try await books.topUp("org_a", by: usd("2"), reference: "r", reason: "bank", at: Sample.now)
        let again = try await books.topUp("org_a", by: usd("2"), reference: "r", reason: "bank", at: Sample.now)
        #expect(first.isNew && !again.isNew)
        #expect(try await books.credit(of: "org_a") == usd("2"))
        await #expect(throws: BillingError.self) {
            try await books.topUp("org_a", by: .zero, reference: "x", reason: "bank", at: Sample.now)
        }
    }

    @Test func `a larger plan adds its share to the month, a smaller one takes what is left of it, and none the rest`()
        async throws
    {
        let settlement = Settlement(books: books, rollups: MemoryUsageStore())
        let month = BillingMonth(Sample.now)
        for (amount, expected) in [("5", "5"), ("8", "8"), ("2", "2"), ("6", "6")] {
            try await settlement.begin(month, of: "org_a", including: usd(amount), at: Sample.now)
            #expect(try await books.credit(of: "org_a") == usd(expected))
        }
        try await books.topUp("org_a", by: usd("1"), reference: "r", reason: "bank", at: Sample.now)
        #expect(try await settlement.holdersOfIncluded() == ["org_a"])
        #expect(try await books.reduceIncluded(of: "org_a", for: month, to: .zero, at: Sample.now) != nil)
        #expect(try await books.reduceIncluded(of: "org_a", for: month, to: .zero, at: Sample.now) == nil)
        #expect(try await settlement.holdersOfIncluded().isEmpty)
        #expect(try await books.credit(of: "org_a") == usd("1"), "what was paid stays")
        try await settlement.begin(month.next, of: "org_a", including: usd("5"), at: month.end)
        try await books.reduceIncluded(of: "org_a", for: month.next, to: .zero, at: month.end)
        #expect(try await books.credit(of: "org_a") == usd("1"), "and again the next time")
        try await settlement.begin(month.next, of: "org_a", including: usd("5"), at: month.end)
        #expect(try await books.credit(of: "org_a") == usd("6"), "who comes back has what is paid for")
        let day = CalendarDay(daysSinceEpoch: month.next.firstDay)
        try await books.settleUsage(of: "org_a", on: day, charged: usd("3"), at: month.end)
        try await settlement.begin(month.next, of: "org_a", including: usd("1"), at: month.end)
        #expect(try await books.credit(of: "org_a") == usd("1"), "what was used stays used")
    }

    @Test func `a month begins once: what was left goes, and the new credit stays`() async throws {
        let settlement = Settlement(books: books, rollups: MemoryUsageStore())
        let month = BillingMonth(Sample.now)
        try await settlement.begin(month, of: "org_a", including: usd("5"), at: Sample.now)
        try await settlement.begin(month, of: "org_a", including: usd("5"), at: Sample.now)
        #expect(try await books.credit(of: "org_a") == usd("5"))
        try await books.settleUsage(of: "org_a", on: Sample.day, charged: usd("2"), at: Sample.now)
        try await settlement.begin(month.next, of: "org_a", including: usd("4"), at: month.end)
        #expect(try await books.credit(of: "org_a") == usd("4"))
        #expect(try await books.allowances() == ["org_a": usd("6")])
    }
}
