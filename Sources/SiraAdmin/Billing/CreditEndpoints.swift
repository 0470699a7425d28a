import SiraBilling
import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy

/// Credit of organizations, and the books that it is kept in.
struct CreditEndpoints: Sendable {
    let source: BillingSource

    var all: [Endpoint] { [show, topUp, adjust, verify] }

    static let transfer = JSONSchema.object([
        ("id", .text(1...60)),
        ("object", .word(["transfer"])),
        ("sequence", .integer(1...Int64.max)),
        ("key", .text(1...300)),
        ("created_at", .time),
        ("kind", .word(Transfer.Kind.allCases.map(\.rawValue))),
        ("memo", .text(0...10_000)),
        ("reference", .text(0...300)),
        ("postings", .list(.object([("account", .text(1...200)), ("amount_usd", .money(signed: true))]))),
        ("previous_hash", .text(64...64)),
        ("hash", .text(64...64)),
    ])

    private var show: Endpoint {
        Endpoint(
            .get,
            "/organizations/{id}/credit",
            name: "get_credit",
            tag: "billing",
            "Show an organization's credit and the transfers that made it",
            access: .holder(Permission(.billing, .read)),
            answer: .object([
                ("organization", .text(1...60)),
                ("prepaid", .boolean),
                ("credit_usd", JSONSchema.money(signed: true).described("What was paid in advance and is not used.")),
                (
                    "included_usd",
                    JSONSchema.money(signed: true).described("What is left of the plan's credit this month.")
                ),
                ("owed_usd", JSONSchema.money(signed: true).described("What is to be invoiced or paid.")),
                ("data", .list(Self.transfer)),
                ("has_more", .boolean),
                ("next", JSONSchema.text(0...100).orNull.described("What `after` is to be for the next page.")),
            ])
        ) { [source] request in
            let organization = try await source.organization(request.id, .read, request.author)
            let kind = request.query["account"].flatMap { Account.Kind(rawValue: $0) } ?? .credit
            var filter = TransferFilter()
            filter.account = Account(kind, request.id).description
            filter.isNewestFirst = true
            filter.after = request.query["after"].flatMap { Int64($0) }
            filter.limit = request.limit + 1
            let transfers = try await source.books.store.transfers(filter)
            let balance = { (kind: Account.Kind) in try await source.books.balance(of: Account(kind, request.id)) }
            let (credit, included, owed) = (
                try await balance(.credit), try await balance(.included), try await balance(.receivable)
            )
            var json = JSONWriter()
            json.object { json in
                json.member("organization", request.id)
                json.member("prepaid", organization.isPrepaid)
                json.member("credit_usd", credit.description)
                json.member("included_usd", included.description)
                json.member("owed_usd", Money.negative(owed).description)
                json.array("data") { list in
                    for transfer in transfers.prefix(request.limit) { list.object { transfer.write(to: &$0) } }
                }
                let more = transfers.count > request.limit
                json.member("has_more", more)
                let next = more ? transfers.prefix(request.limit).last?.sequence : nil
                if let next { json.member("next", String(next)) } else { json.null("next") }
            }
            return EndpointReply(json.bytes)
        }.with {
            $0.details = "Usage of today is in the transfers within a minute. The newest come first."
            $0.parameters = [
                .limit,
                EndpointParameter("after", .integer(1...Int64.max), "Only transfers with smaller sequences."),
                EndpointParameter(
                    "account",
                    .word(["credit", "included", "receivable"]),
                    "Whose transfers; those of credit without it."
                ),
            ]
        }
    }

    private var topUp: Endpoint {
        Endpoint(
            .post,
            "/organizations/{id}/credit/top-ups",
            name: "top_up_credit",
            tag: "billing",
            "Book a payment in advance that came by another way than Stripe",
            access: .gateway(Permission(.billing, .write)),
            answer: Self.transfer
        ) { [source] request in
            let order = try TopUpOrder.read(from: request.body)
            return try await book("credit.top_up", request, order.amount, order.reason, order.reference) {
                try await source.books.topUp(
                    request.id,
                    by: order.amount,
                    reference: $0,
                    reason: order.reason,
                    at: source.clock.now()
                )
            }
        }.with {
            $0.details = "The same reference counts once, for good."
            $0.body = .fields(TopUpOrder.fields.map(\.outline), for: .make)
            $0.status = 201
        }
    }

    private var adjust: Endpoint {
        Endpoint(
            .post,
            "/organizations/{id}/credit/adjustments",
            name: "adjust_credit",
            tag: "billing",
            "Correct an organization's credit by hand",
            access: .gateway(Permission(.billing, .write)),
            answer: Self.transfer
        ) { [source] request in
            let order = try AdjustmentOrder.read(from: request.body)
            return try await book("credit.adjust", request, order.amount, order.reason, order.reference) {
                try await source.books.adjustCredit(
                    of: request.id,
                    by: order.amount,
                    key: "\(request.id):\($0)",
                    reason: order.reason,
                    at: source.clock.now()
                )
            }
        }.with {
            $0.details = "Never takes more than there is. The same reference counts once, for good."
            $0.body = .fields(AdjustmentOrder.fields.map(\.outline), for: .make)
            $0.status = 201
        }
    }

    private var verify: Endpoint {
        Endpoint(
            .get,
            "/books/verify",
            name: "verify_books",
            tag: "billing",
            "Check that no transfer was changed or taken out, and that all balances are the sums of their postings",
            access: .gateway(Permission(.billing, .read)),
            answer: .object([
                ("intact", .boolean),
                ("fault", JSONSchema.text().orNull.described("The first thing that is wrong.")),
                ("transfers", .integer(0...Int64.max)),
                (
                    "hash",
                    JSONSchema.text(64...64).described("The last transfer's. Keep it elsewhere to compare later.")
                ),
            ])
        ) { [source] _ in
            var fault: String?
            do {
                _ = try await source.books.verify()
            } catch let found as TransferChain.Fault {
                fault = found.description
            }
            let head = try await source.books.store.head()
            var json = JSONWriter()
            json.object { json in
                json.member("intact", fault == nil)
                if let fault { json.member("fault", fault) } else { json.null("fault") }
                json.member("transfers", head.sequence)
                json.member("hash", head.hash.description)
            }
            return EndpointReply(json.bytes)
        }.with { $0.details = "Reads every transfer." }
    }

    /// Books a change of credit once, and sees to it that the trail tells of it, even where an earlier attempt was cut
    /// off between the two.
    ///
    /// - Parameter post: books under the reference that it is given.
    private func book(
        _ action: String,
        _ request: EndpointRequest,
        _ amount: NanoUSD,
        _ reason: String,
        _ reference: String?,
        _ post: (String) async throws -> AppendedTransfer
    ) async throws -> EndpointReply {
        _ = try await source.organization(request.id, .write, request.author)
        let now = source.clock.now()
        let appended = try await post(reference ?? request.repetition ?? Self.fresh(at: now))
        let transfer = appended.chained.transfer
        if reference == nil, !appended.isNew, transfer.at.advanced(by: IdempotentReplies.time) < now {
            throw EndpointError(
                409,
                "idempotency_key_reused",
                "The Idempotency-Key named another payment, \(transfer.id) of \(transfer.at); take a new one."
            )
        }
        var trail = AuditFilter()
        (trail.action, trail.subject, trail.since) = (action, request.id, transfer.at)
        let earlier = appended.isNew ? [] : try await source.audit.entries(trail)
        if !earlier.contains(where: { String(decoding: $0.changes, as: UTF8.self).contains(transfer.id) }) {
            let changes = AuditChange.json(
                AuditChange("amount_usd", to: amount.description),
                AuditChange("transfer", to: transfer.id)
            )
            try await source.note(action, request.id, changes, reason: reason, by: request.author)
        }
        return Self.reply(appended.chained)
    }

    static func reply(_ chained: ChainedTransfer) -> EndpointReply {
        var json = JSONWriter()
        json.object { chained.write(to: &$0) }
        return EndpointReply(json.bytes)
    }

    private static func fresh(at time: Timestamp) -> String {
        var random = SystemRandomNumberGenerator()
        return RequestID(at: time, using: &random).description
    }
}

/// A payment that came in.
struct TopUpOrder: FieldGroup {
    var amount = NanoUSD.zero
    var reason = ""
    var reference: String?

    static var fields: [GroupField<Self>] {
        GroupField("amount_usd", \.amount, .money(), isRequired: true, "What was paid; above 0.")
        GroupField("reason", \.reason, .text(1...500), isRequired: true, "What for; the audit log keeps it.")
        GroupField("reference", \.reference, .text(1...100), "What names the payment, such as a bank's number of it.")
    }
}

/// A correction of credit.
struct AdjustmentOrder: FieldGroup {
    var amount = NanoUSD.zero
    var reason = ""
    var reference: String?

    static var fields: [GroupField<Self>] {
        GroupField("amount_usd", \.amount, .money(signed: true), isRequired: true, "What is added, or taken below 0.")
        GroupField("reason", \.reason, .text(1...500), isRequired: true, "Why; the audit log keeps it.")
        GroupField("reference", \.reference, .text(1...100), "What names the correction.")
    }
}
