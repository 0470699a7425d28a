import SiraBilling
import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy

/// Subscriptions to plans at Stripe, and payments that are given back.
struct SubscriptionEndpoints: Sendable {
    let source: BillingSource

    var all: [Endpoint] { [show, cancel, refund] }

    private static let state = JSONSchema.object([
        ("object", .word(["subscription"])),
        ("organization", .text(1...60)),
        ("plan", .text(1...60)),
        ("status", .word(SubscriptionState.Status.allCases.map(\.rawValue))),
        ("stripe_customer", JSONSchema.text(0...300).orNull),
        ("stripe_subscription", JSONSchema.text(0...300).orNull),
        ("period_start", JSONSchema.time.orNull),
        ("period_end", JSONSchema.time.orNull),
        ("ends_with_period", .boolean),
        ("changed_at", .time),
        (
            "given_plan",
            JSONSchema.text(0...60).orNull.described("The plan that the organization is on because of it.")
        ),
    ])

    private static func reply(_ state: SubscriptionState) -> EndpointReply {
        var json = JSONWriter()
        json.object { json in
            json.member("object", "subscription")
            state.write(to: &json)
        }
        return EndpointReply(json.bytes)
    }

    private static func missing(_ organization: String) -> DeskError {
        DeskError.missing(kind: "subscription", id: "of \(organization)")
    }

    private var show: Endpoint {
        Endpoint(
            .get,
            "/organizations/{id}/subscription",
            name: "get_subscription",
            tag: "billing",
            "Show how an organization's subscription at Stripe stands",
            access: .holder(Permission(.billing, .read)),
            answer: Self.state
        ) { [source] request in
            _ = try await source.organization(request.id, .read, request.author)
            guard let state = try await source.till()?.subscription(of: request.id) else {
                throw Self.missing(request.id)
            }
            return Self.reply(state)
        }
    }

    private var cancel: Endpoint {
        Endpoint(
            .delete,
            "/organizations/{id}/subscription",
            name: "cancel_subscription",
            tag: "billing",
            "End an organization's subscription at Stripe",
            access: .holder(Permission(.billing, .write)),
            answer: Self.state
        ) { [source] request in
            _ = try await source.organization(request.id, .write, request.author)
            let isAtOnce = request.query["at_once"] == "true"
            guard !isAtOnce || request.author.authority.allows(Permission(.billing, .write), in: [.gateway]) else {
                throw DeskError.forbidden("Within its period a subscription is ended by the gateway's own people.")
            }
            let till = try source.openTill()
            guard let before = try await till.subscription(of: request.id),
                let state = try await till.cancel(organization: request.id, atOnce: isAtOnce)
            else { throw Self.missing(request.id) }
            if before.status != .ended {
                let changes = AuditChange.json(AuditChange("subscription", from: before.subscription, to: nil))
                try await source.note("subscription.cancel", request.id, changes, by: request.author)
            }
            return Self.reply(state)
        }.with {
            $0.parameters = [
                EndpointParameter(
                    "at_once",
                    .boolean,
                    "Whether it ends now rather than with the period that is paid for."
                )
            ]
            $0.details = """
                It ends with the period that is paid for, or at once. The organization is on the plan again that it was on before once Stripe's event has told of the end. One \
                that has ended stays as it is.
                """
        }
    }

    private var refund: Endpoint {
        Endpoint(
            .post,
            "/organizations/{id}/payments/{payment}/refunds",
            name: "refund_payment",
            tag: "billing",
            "Give a payment in advance back, or a part of it",
            // Credit that is spent already becomes a debt: that is not for tenants to choose.
            access: .gateway(Permission(.billing, .write)),
            answer: .object([
                ("id", .text(1...300)), ("object", .word(["refund"])), ("payment", .text(1...300)),
                ("amount_usd", JSONSchema.money().orNull),
            ])
        ) { [source] request in
            let order = try RefundOrder.read(from: request.body)
            _ = try await source.organization(request.id, .write, request.author)
            let payment = request.variables["payment"] ?? ""
            // Asked for again without a name, a part would be given back twice; of all that is left there is but one.
            guard let token = order.token ?? request.repetition ?? (order.amount == nil ? "all" : nil) else {
                throw BillingError.invalid("token", "or an Idempotency-Key is needed for a part of a payment")
            }
            let refund = try await source.openTill().refund(
                organization: request.id,
                payment: payment,
                amount: order.amount,
                token: token
            )
            guard let refund else { throw DeskError.missing(kind: "payment", id: payment) }
            let changes = AuditChange.json(
                AuditChange("refund", to: "\(refund) of \(payment), \(order.amount?.description ?? "all")")
            )
            try await source.note("credit.refund", request.id, changes, reason: order.reason, by: request.author)
            var json = JSONWriter()
            json.object { json in
                json.member("id", refund)
                json.member("object", "refund")
                json.member("payment", payment)
                if let amount = order.amount {
                    json.member("amount_usd", amount.description)
                } else {
                    json.null("amount_usd")
                }
            }
            return EndpointReply(json.bytes)
        }.with {
            $0.details = """
                The payment is named by Stripe's id of it, or by that of the page on which it was made, which is the \
                reference of its transfer. The credit goes once Stripe's event has told of the refund.
                """
            $0.body = .fields(RefundOrder.fields.map(\.outline), for: .make)
            $0.status = 201
        }
    }
}

/// What of a payment is given back.
struct RefundOrder: FieldGroup {
    var amount: NanoUSD?
    var reason = ""
    var token: String?

    static var fields: [GroupField<Self>] {
        GroupField("amount_usd", \.amount, .money(), "What of the credit that was paid; all that is left without it.")
        GroupField("reason", \.reason, .text(1...500), isRequired: true, "Why; the audit log keeps it.")
        GroupField("token", \.token, .text(1...100), "The same token gives the same back once.")
    }
}
