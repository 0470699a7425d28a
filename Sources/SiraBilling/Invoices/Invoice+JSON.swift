import SiraCore
package import SiraJSON
import SiraStorage

extension Invoice {
    /// The document that is kept and that the API shows; amounts are decimal dollars.
    package var json: [UInt8] {
        var json = JSONWriter()
        json.object { write(to: &$0) }
        return json.bytes
    }

    /// Writes all of it as members of an object.
    package func write(to json: inout JSONWriter) {
        json.member("number", number.description)
        json.member("object", "invoice")
        json.member("organization", draft.organization)
        json.member("month", draft.month.description)
        json.member("issued_at", draft.issuedAt.description)
        json.member("issued_at_us", draft.issuedAt.microseconds)
        json.member("due_on", orNull: draft.dueOn?.description)
        json.object("seller") { draft.seller.write(to: &$0) }
        json.object("customer") { draft.customer.write(to: &$0) }
        json.array("usage") { list in
            for line in draft.usage {
                list.object {
                    $0.member("project", line.project)
                    $0.member("model", line.model)
                    $0.member("requests", line.requests)
                    $0.member("input_tokens", line.inputTokens)
                    $0.member("output_tokens", line.outputTokens)
                    $0.member("charge_usd", line.charge.description)
                }
            }
        }
        json.array("late_usage") { list in
            for late in draft.late {
                list.object {
                    $0.member("month", late.month.description)
                    $0.member("charge_usd", late.charge.description)
                    $0.member("from_credit_usd", late.fromCredit.description)
                }
            }
        }
        json.array("fees") { list in
            for fee in draft.fees {
                list.object {
                    $0.member("description", fee.description)
                    $0.member("amount_usd", fee.amount.description)
                }
            }
        }
        if let share = draft.savings { json.object("savings") { share.write(to: &$0) } } else { json.null("savings") }
        json.member("credit_applied_usd", draft.creditApplied.description)
        if let tax = draft.tax {
            json.object("tax") {
                $0.member("name", tax.name)
                $0.member("basis_points", tax.basisPoints)
            }
        } else {
            json.null("tax")
        }
        writeTotals(to: &json)
        json.member("note", draft.note)
    }

    private func writeTotals(to json: inout JSONWriter) {
        json.object("totals") {
            $0.member("usage_usd", usage.description)
            $0.member("late_usage_usd", late.description)
            $0.member("fees_usd", fees.description)
            $0.member("savings_usd", savings.description)
            $0.member("subtotal_usd", subtotal.description)
            $0.member("taxable_usd", taxable.description)
            $0.member("tax_usd", tax.description)
            $0.member("rounding_usd", rounding.description)
            $0.member("total_usd", total.description)
        }
        guard let rate = draft.exchange, let converted else { return json.null("exchange") }
        json.object("exchange") {
            $0.member("currency", rate.currency.code)
            $0.member("nanos_per_usd", rate.nanosPerDollar)
            $0.member("day", rate.day.description)
            $0.member("source", rate.source)
            $0.member("total", rate.currency.text(converted))
        }
    }

    /// Reads what ``json`` writes; the totals are computed anew.
    ///
    /// - Throws: ``StoreError/unreadable(_:)`` for anything else.
    package init(json text: [UInt8]) throws {
        self = try JSONIndexer().read(text, limits: .answer) { root in
            guard let number = root["number"]?.string.flatMap({ InvoiceNumber($0) }),
                let total = root["totals"]?.amount("total_usd")
            else { throw StoreError.unreadable("an invoice") }
            let invoice = try Invoice(try InvoiceDraft(json: root), number: number)
            guard invoice.total == total else { throw StoreError.unreadable("invoice \(number): its total is another") }
            return invoice
        }
    }
}

extension InvoiceDraft {
    fileprivate init(json root: JSONValue) throws {
        guard let organization = root["organization"]?.string,
            let month = root["month"]?.string.flatMap({ BillingMonth($0) }),
            let issuedAt = root["issued_at_us"]?.integer,
            let seller = root["seller"].map({ Party(json: $0) }),
            let customer = root["customer"].map({ Party(json: $0) }),
            let creditApplied = root.amount("credit_applied_usd")
        else { throw StoreError.unreadable("an invoice") }
        self.init(
            organization: organization,
            month: month,
            issuedAt: Timestamp(microseconds: issuedAt),
            seller: seller,
            customer: customer
        )
        self.creditApplied = creditApplied
        dueOn = root["due_on"]?.string.flatMap { CalendarDay($0) }
        note = root["note"]?.string ?? ""
        usage =
            try root["usage"]?.elements.map { line in
                guard let charge = line.amount("charge_usd") else { throw StoreError.unreadable("an invoice's usage") }
                return UsageCharge(
                    project: line["project"]?.string ?? "",
                    model: line["model"]?.string ?? "",
                    requests: line["requests"]?.integer ?? 0,
                    inputTokens: line["input_tokens"]?.integer ?? 0,
                    outputTokens: line["output_tokens"]?.integer ?? 0,
                    charge: charge
                )
            } ?? []
        late =
            try root["late_usage"]?.elements.map { late in
                guard let month = late["month"]?.string.flatMap({ BillingMonth($0) }),
                    let charge = late.amount("charge_usd"), let fromCredit = late.amount("from_credit_usd")
                else { throw StoreError.unreadable("an invoice's late usage") }
                return LateUsage(month: month, charge: charge, fromCredit: fromCredit)
            } ?? []
        fees =
            try root["fees"]?.elements.map { fee in
                guard let amount = fee.amount("amount_usd") else { throw StoreError.unreadable("an invoice's fees") }
                return Fee(description: fee["description"]?.string ?? "", amount: amount)
            } ?? []
        savings = try root.present("savings").map { try SavingsShare(json: $0) }
        tax = root.present("tax").map { tax in
            Tax(name: tax["name"]?.string ?? "", basisPoints: tax["basis_points"]?.integer ?? 0)
        }
        exchange = try root.present("exchange").map { rate in
            guard let currency = rate["currency"]?.string.flatMap({ Currency($0) }),
                let nanos = rate["nanos_per_usd"]?.integer, let day = rate["day"]?.string.flatMap({ CalendarDay($0) })
            else { throw StoreError.unreadable("an invoice's exchange rate") }
            let source = rate["source"]?.string ?? ""
            return try ExchangeRate(currency: currency, nanosPerDollar: nanos, day: day, source: source)
        }
    }
}

extension InvoiceDraft.Party {
    fileprivate func write(to json: inout JSONWriter) {
        json.member("name", name)
        json.array("lines") { list in
            for line in lines { list.element(line) }
        }
    }

    fileprivate init(json: JSONValue) {
        self.init(name: json["name"]?.string ?? "", lines: json["lines"]?.elements.compactMap(\.string) ?? [])
    }
}

extension JSONValue {
    /// The money of a member that is text of decimal dollars; nil when there is none.
    func amount(_ key: StaticString) -> NanoUSD? {
        self[key]?.string.flatMap { NanoUSD(decimal: $0) }
    }
}
