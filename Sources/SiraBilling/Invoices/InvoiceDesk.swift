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
    /// The credit applied is what the books say, whatever the draft does. First the invoice is kept under its number,
    /// then it is booked under a key made of the number. Whoever is stopped in between asks once more, and it is
    /// booked then.
    ///
    /// - Throws: ``BillingError/invalid(_:_:)`` when the month is not over, or its usage is not that which was settled.
    package func issue(_ draft: InvoiceDraft) async throws -> Invoice {
        guard draft.month.end <= draft.issuedAt else { throw BillingError.invalid("month", "is not over") }
        let subject = InvoiceSubject(organization: draft.organization, month: draft.month.description)
        let settled = try await settled(of: draft.organization, in: draft.month)
        let used = try Money.sum(draft.usage.map(\.charge))
        let complete = {
            var complete = draft
            complete.creditApplied = settled.fromCredit
            return complete
        }()
        let stored = try await invoices.issue(subject, at: draft.issuedAt) { number in
            guard used == settled.charged else {
                throw BillingError.invalid(
                    "usage",
                    "comes to \(used) USD while \(settled.charged) are booked: settle all days of the month first"
                )
            }
            return try Invoice(complete, number: number).json
        }
        let invoice = try Invoice(json: stored.json)
        if let transfer = invoice.transfer { try await books.post(transfer) }
        return invoice
    }

    /// The invoice of this number; nil when there is none.
    package func invoice(_ number: InvoiceNumber) async throws -> Invoice? {
        try await invoices.invoice(number).map { try Invoice(json: $0.json) }
    }
}
