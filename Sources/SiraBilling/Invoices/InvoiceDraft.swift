package import SiraCore

/// All that an invoice is made from.
package struct InvoiceDraft: Hashable, Sendable {
    /// Who invoices, or is invoiced.
    package struct Party: Hashable, Sendable {
        package var name: String
        /// Address, tax number and what else the law wants; a line each.
        package var lines: [String]

        package init(name: String, lines: [String] = []) {
            self.name = name
            self.lines = lines
        }
    }

    /// A charge that is not for requests.
    package struct Fee: Hashable, Sendable {
        package var description: String
        /// Below zero where something is given back.
        package var amount: NanoUSD

        package init(description: String, amount: NanoUSD) {
            self.description = description
            self.amount = amount
        }
    }

    /// A tax on all of the invoice.
    package struct Tax: Hashable, Sendable {
        /// As it is called where it is due: `VAT 19 %`.
        package var name: String
        /// Hundredths of a percent, 0 to 10,000.
        package var basisPoints: Int64

        package init(name: String, basisPoints: Int64) {
            self.name = name
            self.basisPoints = basisPoints
        }
    }

    /// The id of the organization that is invoiced.
    package var organization: String
    package var month: BillingMonth
    package var issuedAt: Timestamp
    /// Nil where nothing is said about it.
    package var dueOn: CalendarDay?
    package var seller: Party
    package var customer: Party
    package var usage: [UsageCharge]
    /// What earlier invoices could not say yet.
    package var late: [LateUsage] = []
    /// The subscription, and what changes of the plan cost.
    package var fees: [Fee]
    package var savings: SavingsShare?
    /// What of the usage, late usage included, was paid from credit; below zero where corrections gave more back to it.
    package var creditApplied = NanoUSD.zero
    package var tax: Tax?
    package var exchange: ExchangeRate?
    /// For people, at the end.
    package var note = ""

    package init(
        organization: String,
        month: BillingMonth,
        issuedAt: Timestamp,
        seller: Party,
        customer: Party,
        usage: [UsageCharge] = [],
        fees: [Fee] = []
    ) {
        self.organization = organization
        self.month = month
        self.issuedAt = issuedAt
        self.seller = seller
        self.customer = customer
        self.usage = usage
        self.fees = fees
    }

    func check() throws(BillingError) {
        guard !organization.isEmpty else { throw .invalid("organization", "is empty") }
        if let tax, !(0...10_000).contains(tax.basisPoints) {
            throw .invalid("tax", "of \(tax.basisPoints) basis points is not from 0 to 10,000")
        }
    }
}
