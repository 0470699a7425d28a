package import SiraCore
package import SiraStorage

/// An invoice for an organization's month, with all that it says and comes to.
///
/// It follows from its ``InvoiceDraft`` alone, and is never changed once it has a number.
package struct Invoice: Hashable, Sendable {
    package let number: InvoiceNumber
    package let draft: InvoiceDraft
    /// What the month's requests come to.
    package let usage: NanoUSD
    /// What requests of earlier months come to that their invoices do not have.
    package let late: NanoUSD
    /// What is charged beside usage and savings.
    package let fees: NanoUSD
    /// The fee on what was saved.
    package let savings: NanoUSD
    /// `usage + late + fees + savings`.
    package let subtotal: NanoUSD
    /// `subtotal − credit applied`.
    package let taxable: NanoUSD
    /// `taxable × rate`, rounded half to even, once for the invoice.
    package let tax: NanoUSD
    /// What makes `taxable + tax` whole cents, half to even.
    package let rounding: NanoUSD
    /// What is to be paid, in whole cents; below zero it stands to the organization's credit.
    package let total: NanoUSD
    /// The total in the smallest coin of the currency of the draft's exchange rate; nil where there is none.
    package let converted: Int64?

    /// - Throws: ``BillingError`` when a sum leaves the range, or the draft makes no sense.
    package init(_ draft: InvoiceDraft, number: InvoiceNumber) throws(BillingError) {
        try draft.check()
        self.number = number
        self.draft = draft
        usage = try Money.sum(draft.usage.map(\.charge))
        late = try Money.sum(draft.late.map(\.charge))
        fees = try Money.sum(draft.fees.map(\.amount))
        savings = draft.savings?.fee ?? .zero
        subtotal = try Money.sum([usage, late, fees, savings])
        taxable = try Money.difference(subtotal, draft.creditApplied)
        tax = try Money.scaled(taxable, by: draft.tax?.basisPoints ?? 0, over: 10_000)
        let exact = try Money.sum([taxable, tax])
        let total = try Currency.roundedToCents(exact)
        self.total = total
        rounding = try Money.difference(total, exact)
        converted = try draft.exchange.map { rate throws(BillingError) in try rate.converted(total) }
    }

    /// What the books get when it is issued.
    ///
    /// Usage is in them already, day by day; the part of it that no credit paid is on the organization's account since.
    /// The transfer adds the rest: fees, savings, tax, rounding. Nil when there is nothing of these.
    package var transfer: Transfer? {
        let sides: [(Account, NanoUSD)] = [
            (.subscriptionRevenue, fees), (.savingsRevenue, savings), (.salesTax, tax), (.roundingRevenue, rounding),
        ].filter { $0.1 != .zero }
        // Cannot leave the range, since the parts make up the total.
        let sum = sides.reduce(Int64(0)) { $0 &+ $1.1.nanos }
        guard !sides.isEmpty else { return nil }
        var postings = sides.map { Posting(account: $0.0.description, amount: $0.1) }
        if sum != 0 {
            postings.append(
                Posting(
                    account: Account.receivable(draft.organization).description,
                    amount: Money.negative(NanoUSD(nanos: sum))
                )
            )
        }
        return Transfer(
            key: "invoice:\(number)",
            at: draft.issuedAt,
            kind: .invoice,
            memo: "Invoice \(number) for \(draft.month)",
            reference: number.description,
            postings: postings
        )
    }
}
