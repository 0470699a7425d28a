import SiraBilling
import SiraCore
import SiraStorage
import SiraTesting
import Synchronization
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

    @Test func `usage that comes after the invoice is on the next one, once`() async throws {
        try await settle()
        _ = try await desk.issue(draft())
        let late = CalendarDay(daysSinceEpoch: InvoiceSample.month.firstDay + 3)
        try await Sample.topUp(books, 500_000_000, key: "later")
        try await books.settleUsage(of: "org_a", on: late, charged: usd("3.25"), at: Sample.now)
        var next = InvoiceDraft(
            organization: "org_a",
            month: InvoiceSample.month.next,
            issuedAt: InvoiceSample.month.next.end.advanced(by: Settlement.lateUsage),
            seller: .init(name: "s"),
            customer: .init(name: "c")
        )
        let owed = try await books.balance(of: .receivable("org_a"))
        let second = try await desk.issue(next)
        #expect(
            second.draft.late == [LateUsage(month: InvoiceSample.month, charge: usd("2.25"), fromCredit: usd("0.5"))]
        )
        #expect(second.late == usd("2.25") && second.total == usd("1.75") && second.transfer == nil)
        #expect(try await books.balance(of: .receivable("org_a")) == owed, "it is owed since it was settled")
        #expect(try await desk.invoice(second.number) == second, "it reads as it was written")
        #expect(second.html(.english).contains("Late usage of 2026-10") && second.csv.contains("late_usage"))
        // A correction takes some of it back on the one after.
        try await books.settleUsage(of: "org_a", on: late, charged: usd("3"), givesBack: true, at: Sample.now)
        (next.month, next.issuedAt) = (next.month.next, next.month.next.end.advanced(by: Settlement.lateUsage))
        let third = try await desk.issue(next)
        #expect(third.draft.late == [LateUsage(month: InvoiceSample.month, charge: usd("-0.25"), fromCredit: .zero)])
    }

    @Test func `late usage is on one of two invoices that are issued at once`() async throws {
        try await settle()
        _ = try await desk.issue(draft())
        let late = CalendarDay(daysSinceEpoch: InvoiceSample.month.firstDay + 3)
        try await books.settleUsage(of: "org_a", on: late, charged: usd("2"), at: Sample.now)
        var months: [InvoiceDraft] = []
        for month in [InvoiceSample.month.next, InvoiceSample.month.next.next] {
            let issuedAt = InvoiceSample.month.next.next.end.advanced(by: Settlement.lateUsage)
            let party = InvoiceDraft.Party(name: "p")
            months.append(
                InvoiceDraft(organization: "org_a", month: month, issuedAt: issuedAt, seller: party, customer: party)
            )
        }
        // Between looking and issuing the first, the second is issued.
        let store = OvertakenStore(store: store, books: books, other: months[1])
        let first = try await InvoiceDesk(invoices: store, books: books).issue(months[0])
        let second = try await desk.issue(months[1])
        #expect(second.late == usd("1") && first.late == .zero)
    }

    /// Issues another invoice just before the first that it is asked for.
    private final class OvertakenStore: InvoiceStore {
        let store: MemoryInvoiceStore
        let books: Books
        let other: Mutex<InvoiceDraft?>

        init(store: MemoryInvoiceStore, books: Books, other: InvoiceDraft) {
            self.store = store
            self.books = books
            self.other = Mutex(other)
        }

        func issue(
            _ subject: InvoiceSubject,
            at time: Timestamp,
            _ make: @escaping @Sendable (InvoiceNumber) throws -> [UInt8]
        ) async throws -> StoredInvoice {
            let draft = other.withLock { draft in
                defer { draft = nil }
                return draft
            }
            if let draft { _ = try await InvoiceDesk(invoices: store, books: books).issue(draft) }
            return try await store.issue(subject, at: time, make)
        }

        func invoice(_ number: InvoiceNumber) async throws -> StoredInvoice? { try await store.invoice(number) }
        func invoices(of organization: String?, before: InvoiceNumber?, limit: Int) async throws -> [StoredInvoice] {
            try await store.invoices(of: organization, before: before, limit: limit)
        }
    }

    @Test func `a month to which usage may still come gets none, unless that is wanted`() async throws {
        try await settle()
        let soon = try {
            var draft = try draft()
            draft.issuedAt = draft.month.end.advanced(by: .seconds(3 * 86_400 - 1))
            return draft
        }()
        do {
            _ = try await desk.issue(soon)
            Issue.record("it was issued")
        } catch let error as BillingError {
            #expect(error.description.contains("2026-11-04T00:00:00"))
        }
        let early = try await desk.issue(soon, early: true)
        #expect(try await desk.issue(soon) == early, "the one that was issued is had at any time")
    }

    @Test func `a month that is not over gets none`() async throws {
        var draft = try draft("0")
        draft.month = BillingMonth(Sample.now)
        await #expect(throws: BillingError.invalid("month", "is not over")) { try await desk.issue(draft) }
    }
}
