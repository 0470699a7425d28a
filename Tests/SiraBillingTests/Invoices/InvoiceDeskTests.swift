import SiraBilling
import SiraCore
import SiraStorage
import SiraTesting
import Testing

@Suite struct InvoiceDeskTests {
    private let books = Sample.books()
    private let store = MemoryInvoiceStore()
    private var desk: InvoiceDesk { InvoiceDesk(invoices: store, books: books) }

    /// Ten days of a dollar each, four of them paid in advance.
    private func settle() async throws {
        try await Sample.topUp(books, 4_000_000_000)
        for day in 0..<10 {
            let day = CalendarDay(daysSinceEpoch: InvoiceSample.month.firstDay + Int64(day))
            try await books.settleUsage(of: "org_a", on: day, charged: usd("1"), at: Sample.now)
        }
    }

    private func draft(_ charge: String = "10") throws -> InvoiceDraft {
        var draft = try InvoiceSample.draft()
        draft.usage = [UsageCharge(project: "p", model: "m", charge: usd(charge))]
        return draft
    }

    @Test func `an invoice takes its credit from the books, and leaves in them what it comes to`() async throws {
        try await settle()
        let invoice = try await desk.issue(draft())
        #expect(invoice.number.description == "INV-2026-000001")
        #expect(invoice.draft.creditApplied == usd("4"))
        #expect(try await books.balance(of: .receivable("org_a")) == Money.negative(invoice.total))
        #expect(try await desk.invoice(invoice.number) == invoice)
        let all = try await books.store.balances(startingWith: "")
        #expect(try Money.sum(all.values) == .zero)
    }

    @Test func `asking again gives the same invoice and books nothing`() async throws {
        try await settle()
        let first = try await desk.issue(draft())
        var later = try draft()
        later.fees = []
        #expect(try await desk.issue(later) == first)
        #expect(try await books.balance(of: .receivable("org_a")) == Money.negative(first.total))
    }

    @Test func `whoever is stopped before the booking books it by asking again`() async throws {
        try await settle()
        // As after a crash: kept under its number, and not booked.
        let other = Sample.books()
        for chained in try await books.store.transfers(TransferFilter()) { try await other.post(chained.transfer) }
        let invoice = try await InvoiceDesk(invoices: store, books: other).issue(draft())
        #expect(try await books.balance(of: .receivable("org_a")) == usd("-6"), "only the usage")
        #expect(try await desk.issue(draft()) == invoice)
        #expect(try await books.balance(of: .receivable("org_a")) == Money.negative(invoice.total))
    }

    @Test func `lines that are not what was settled get no invoice and no number`() async throws {
        try await settle()
        await #expect(throws: BillingError.self) { try await desk.issue(draft("9.999999999")) }
        #expect(try await desk.issue(draft()).number.sequence == 1)
    }

    @Test func `a month that is not over gets none`() async throws {
        var draft = try draft("0")
        draft.month = BillingMonth(Sample.now)
        await #expect(throws: BillingError.invalid("month", "is not over")) { try await desk.issue(draft) }
    }
}
