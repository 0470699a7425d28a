import SiraBilling
import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy

/// Invoices of organizations' months.
struct InvoiceEndpoints: Sendable {
    let source: BillingSource

    var all: [Endpoint] { [list, create, show] }

    private static let summary = JSONSchema.object([
        ("number", .text(1...40)),
        ("organization", .text(1...60)),
        ("month", .text(7...7)),
        ("issued_at", .time),
    ])
    /// An invoice says all of what it is made of; docs/billing.md tells of its parts.
    private static let invoice = JSONSchema { $0.member("type", "object") }

    private var list: Endpoint {
        Endpoint(
            .get,
            "/organizations/{id}/invoices",
            name: "list_invoices",
            tag: "billing",
            "List an organization's invoices",
            access: .holder(Permission(.billing, .read)),
            answer: ResourceSchemas.page(of: Self.summary)
        ) { [source] request in
            _ = try await source.organization(request.id, .read, request.author)
            let found = try await source.invoiceStore.invoices(
                of: request.id,
                before: request.query["after"].flatMap { InvoiceNumber($0) },
                limit: request.limit + 1
            )
            let page = found.prefix(request.limit)
            let items = page.map { invoice in
                var json = JSONWriter()
                json.object { json in
                    json.member("number", invoice.number.description)
                    json.member("organization", invoice.subject.organization)
                    json.member("month", invoice.subject.month)
                    json.member("issued_at", invoice.issuedAt.description)
                }
                return json.bytes
            }
            let next = found.count > page.count ? page.last?.number.description : nil
            return EndpointReply(ResourceEndpoints.page(items, next))
        }.with {
            $0.details = "The highest numbers first."
            $0.parameters = [
                .limit,
                EndpointParameter("after", .text(length: 1...40, format: nil), "Only invoices with lower numbers."),
            ]
        }
    }

    private var create: Endpoint {
        Endpoint(
            .post,
            "/organizations/{id}/invoices",
            name: "create_invoice",
            tag: "billing",
            "Issue the invoice for an organization's month",
            access: .gateway(Permission(.billing, .write)),
            answer: Self.invoice
        ) { [source] request in
            let order = try InvoiceOrder.read(from: request.body)
            let organization = try await source.organization(request.id, .write, request.author)
            guard let month = BillingMonth(order.month) else {
                throw BillingError.invalid("month", "must be a month such as 2026-10")
            }
            let now = source.clock.now()
            guard month.end <= now else { throw BillingError.invalid("month", "is not over") }
            // Late usage of months before may be corrected just as long ago.
            for day in try await source.settlement.days(since: nil, until: month.end, of: request.id) {
                try await source.settlement.settle(day, at: now)
            }
            let draft = try await draft(request.id, organization, month, order, at: now)
            let invoice = try await source.invoices.issue(draft, early: order.early)
            let changes = AuditChange.json(
                AuditChange("number", to: invoice.number.description),
                AuditChange("total_usd", to: invoice.total.description)
            )
            try await source.note("invoice.create", request.id, changes, by: request.author)
            return EndpointReply(invoice.json)
        }.with {
            $0.details = """
                There is one for a month: asking again gives the same, whatever has changed since. Usage that comes \
                later is on the next one, by its month.
                """
            $0.body = .fields(InvoiceOrder.fields.map(\.outline), for: .make)
            $0.status = 201
        }
    }

    private func draft(
        _ id: String,
        _ organization: Organization,
        _ month: BillingMonth,
        _ order: InvoiceOrder,
        at now: Timestamp
    ) async throws -> InvoiceDraft {
        let book = try await source.desk.book()
        let usage = try await source.settlement.usage(of: id, in: month) { project in
            book.projects[project]?.name ?? (project.isEmpty ? "–" : project)
        }
        let spells = try await source.history.spells(of: id, plan: organization.plan, in: month)
        var draft = InvoiceDraft(
            organization: id,
            month: month,
            issuedAt: now,
            seller: source.seller(),
            customer: InvoiceDraft.Party(
                name: organization.name,
                lines: organization.billingEmail.map { [$0] } ?? []
            ),
            usage: usage,
            fees: try PlanSpell.fees(spells, in: month)
        )
        if order.savingsBasisPoints > 0 {
            draft.savings = try await source.settlement.savings(
                of: id,
                in: month,
                basisPoints: Int64(order.savingsBasisPoints)
            )
        }
        if order.taxBasisPoints > 0 {
            draft.tax = InvoiceDraft.Tax(name: order.taxName, basisPoints: Int64(order.taxBasisPoints))
        }
        draft.exchange = try rate(for: organization.currency, in: book)
        draft.note = order.note
        return draft
    }

    private func rate(for currency: String, in book: TenantBook) throws -> SiraBilling.ExchangeRate? {
        guard currency != "USD", let rate = book.rates[currency]?.first, let known = Currency(currency) else {
            return nil
        }
        return try SiraBilling.ExchangeRate(
            currency: known,
            nanosPerDollar: rate.rate,
            day: CalendarDay(daysSinceEpoch: rate.date.day),
            source: rate.source
        )
    }

    private var show: Endpoint {
        Endpoint(
            .get,
            "/invoices/{number}",
            name: "get_invoice",
            tag: "billing",
            "Show an invoice as JSON, as a page or as CSV",
            access: .holder(Permission(.billing, .read)),
            answer: Self.invoice
        ) { [source] request in
            let name = request.variables["number"] ?? ""
            guard let number = InvoiceNumber(name), let invoice = try await source.invoices.invoice(number) else {
                throw DeskError.missing(kind: "invoice", id: name)
            }
            _ = try await source.organization(invoice.draft.organization, .read, request.author)
            switch request.query["format"] {
            case "html":
                let words: InvoiceWords = request.query["language"] == "zh-CN" ? .chinese : .english
                var reply = EndpointReply(Array(invoice.html(words).utf8))
                reply.contentType = "text/html; charset=utf-8"
                reply.securityPolicy = Invoice.securityPolicy
                return reply
            case "csv":
                var reply = EndpointReply(Array(invoice.csv.utf8))
                reply.contentType = "text/csv; charset=utf-8"
                return reply
            default: return EndpointReply(invoice.json)
            }
        }.with {
            $0.parameters = [
                EndpointParameter("format", .word(["json", "html", "csv"]), "In which form; JSON without it."),
                EndpointParameter("language", .word(["en", "zh-CN"]), "Of the page; English without it."),
            ]
        }
    }
}

/// Which invoice is to be issued.
struct InvoiceOrder: FieldGroup {
    var month = ""
    var savingsBasisPoints = 0
    var taxName = "Tax"
    var taxBasisPoints = 0
    var note = ""
    var early = false

    static var fields: [GroupField<Self>] {
        GroupField("month", \.month, .text(7...7), isRequired: true, "The month, such as 2026-10; it must be over.")
        GroupField(
            "savings_basis_points",
            \.savingsBasisPoints,
            .integer(0...10_000),
            "The fee on what was saved, in hundredths of a percent; none without it."
        )
        GroupField("tax_name", \.taxName, .text(1...100), "What the tax is called.")
        GroupField("tax_basis_points", \.taxBasisPoints, .integer(0...10_000), "The tax, in hundredths of a percent.")
        GroupField("note", \.note, .text(0...2_000), "For people, at the end.")
        GroupField(
            "early",
            \.early,
            .boolean,
            "Whether it is issued within three days of the month's end, when usage may still come."
        )
    }
}
