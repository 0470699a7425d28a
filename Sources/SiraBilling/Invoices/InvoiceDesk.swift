package import SiraCore
package import SiraStorage

/// Where invoices are issued.
package struct InvoiceDesk: Sendable {
    private let invoices: any InvoiceStore
    private let books: Books

    package init(invoices: any InvoiceStore, books: Books) {
        self.invoices = invoices
        self.books = books
    }

    /// What the books say of an organization's usage in a month.
    package struct SettledUsage: Hashable, Sendable {
        /// All of it.
        package var charged = NanoUSD.zero
        /// What of it was paid from credit, included or paid in advance.
        package var fromCredit = NanoUSD.zero
    }

    /// What was settled of the month's days.
    package func settled(of organization: String, in month: BillingMonth) async throws -> SettledUsage {
        var (charged, credit): ([NanoUSD], [NanoUSD]) = ([], [])
        for day in month.firstDay..<month.firstDay + month.days {
            let day = CalendarDay(daysSinceEpoch: day)
            for chained in try await books.transfers(under: "usage:\(organization):\(day)", kind: .usage) {
                for posting in chained.transfer.postings {
                    switch Account(posting.account)?.kind {
                    case .revenue: charged.append(posting.amount)
                    case .credit, .included: credit.append(Money.negative(posting.amount))
                    default: break
                    }
                }
            }
        }
        return SettledUsage(charged: try Money.sum(charged), fromCredit: try Money.sum(credit))
    }

    /// Issues the invoice for an organization's month; once, and again gives the one that was issued.
    ///
    /// The credit applied is what the books say, whatever the draft does, and so is late usage: what was settled of
    /// months whose invoices were issued before, and is on none yet. First the invoice is kept under its number, then
    /// it is booked under a key made of the number. Whoever is stopped in between asks once more, and it is booked then.
    ///
    /// - Parameter early: whether it is issued though usage of the month may still come.
    /// - Throws: ``BillingError/invalid(_:_:)`` when the month is not over, or not for long enough, or its usage is not
    ///   that which was settled.
    package func issue(_ draft: InvoiceDraft, early: Bool = false) async throws -> Invoice {
        guard draft.month.end <= draft.issuedAt else { throw BillingError.invalid("month", "is not over") }
        for _ in 0..<20 {
            do {
                let invoice = try Invoice(json: try await keep(draft, early: early).json)
                if let transfer = invoice.transfer { try await books.post(transfer) }
                return invoice
            } catch is Overtaken {
                continue
            }
        }
        throw BillingError.contended("invoices")
    }

    /// Another invoice was issued meanwhile, which may have the same late usage.
    private struct Overtaken: Error {}

    private func keep(_ draft: InvoiceDraft, early: Bool) async throws -> StoredInvoice {
        let last = try await invoices.invoices(of: nil, before: nil, limit: 1).first?.number
        let settled = try await settled(of: draft.organization, in: draft.month)
        let used = try Money.sum(draft.usage.map(\.charge))
        var complete = draft
        complete.late = try await late(of: draft.organization)
        complete.creditApplied = try Money.sum([settled.fromCredit] + complete.late.map(\.fromCredit))
        let subject = InvoiceSubject(organization: draft.organization, month: draft.month.description)
        return try await invoices.issue(subject, at: draft.issuedAt) { [complete] number in
            let earliest = draft.month.end.advanced(by: Settlement.lateUsage)
            guard early || earliest <= draft.issuedAt else {
                throw BillingError.invalid(
                    "month",
                    "may still get usage until \(earliest): ask again from then on, or with early to issue it now"
                )
            }
            let next = last?.year == number.year ? (last?.sequence ?? 0) + 1 : 1
            guard number.sequence == next || number.year < last?.year ?? 0 else { throw Overtaken() }
            guard used == settled.charged else {
                throw BillingError.invalid(
                    "usage",
                    "comes to \(used) USD while \(settled.charged) are booked: settle all days of the month first"
                )
            }
            return try Invoice(complete, number: number).json
        }
    }

    /// What was settled of months that have an invoice, and is on no invoice.
    private func late(of organization: String) async throws -> [LateUsage] {
        var told: [BillingMonth: SettledUsage] = [:]
        func tell(_ month: BillingMonth, _ charged: NanoUSD, _ fromCredit: NanoUSD) throws {
            let before = told[month] ?? SettledUsage()
            told[month] = SettledUsage(
                charged: try Money.sum([before.charged, charged]),
                fromCredit: try Money.sum([before.fromCredit, fromCredit])
            )
        }
        for invoice in try await all(of: organization) {
            let draft = invoice.draft
            let late = try Money.sum(draft.late.map(\.fromCredit))
            try tell(draft.month, invoice.usage, try Money.difference(draft.creditApplied, late))
            for late in draft.late { try tell(late.month, late.charge, late.fromCredit) }
        }
        var found: [LateUsage] = []
        for (month, told) in told.sorted(by: { $0.key < $1.key }) {
            let settled = try await settled(of: organization, in: month)
            guard settled != told else { continue }
            found.append(
                LateUsage(
                    month: month,
                    charge: try Money.difference(settled.charged, told.charged),
                    fromCredit: try Money.difference(settled.fromCredit, told.fromCredit)
                )
            )
        }
        return found
    }

    private func all(of organization: String) async throws -> [Invoice] {
        var (found, before): ([Invoice], InvoiceNumber?) = ([], nil)
        while true {
            let page = try await invoices.invoices(of: organization, before: before, limit: 100)
            found += try page.map { try Invoice(json: $0.json) }
            guard page.count == 100, let last = page.last else { return found }
            before = last.number
        }
    }

    /// The invoice of this number; nil when there is none.
    package func invoice(_ number: InvoiceNumber) async throws -> Invoice? {
        try await invoices.invoice(number).map { try Invoice(json: $0.json) }
    }
}
