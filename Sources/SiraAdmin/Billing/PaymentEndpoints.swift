import SiraBilling
import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy

/// Payments with Stripe, what was saved, and which plan would serve better.
struct PaymentEndpoints: Sendable {
    let source: BillingSource

    var all: [Endpoint] { [checkout, savings, prompts] }

    private static let month = EndpointParameter(
        "month",
        .text(length: 7...7, format: nil),
        "The month, such as 2026-10; the one that runs without it."
    )

    private var checkout: Endpoint {
        Endpoint(
            .post,
            "/organizations/{id}/checkout",
            name: "begin_checkout",
            tag: "billing",
            "Begin a payment in advance, or a subscription, on Stripe's page",
            access: .holder(Permission(.billing, .write)),
            answer: .object([("url", JSONSchema.text(1...4_000).described("Where to pay."))])
        ) { [source] request in
            let order = try CheckoutOrder.read(from: request.body)
            _ = try await source.organization(request.id, .write, request.author)
            let till = try source.openTill()
            let known = try await till.subscription(of: request.id)
            let now = source.clock.now()
            var random = SystemRandomNumberGenerator()
            let token = order.token ?? request.repetition ?? RequestID(at: now, using: &random).description
            let url: String
            if let plan = order.plan {
                guard try await source.plans().contains(where: { $0.id == plan }), till.sells(plan) else {
                    throw BillingError.invalid(
                        "plan",
                        "cannot be subscribed to: it needs a price of Stripe's in billing.stripe.prices"
                    )
                }
                if let known, known.subscription != nil, known.status != .ended {
                    throw EndpointError(
                        409,
                        "already_subscribed",
                        "The organization has a subscription to \(known.plan); cancel it first."
                    )
                }
                url = try await till.subscribe(
                    organization: request.id,
                    customer: known?.customer,
                    plan: plan,
                    token: token,
                    at: now
                )
            } else if let amount = order.amount {
                url = try await till.topUp(
                    organization: request.id,
                    customer: known?.customer,
                    amount: amount,
                    token: token,
                    at: now
                )
            } else {
                throw BillingError.invalid("amount_usd", "is needed, or a plan")
            }
            let changes = AuditChange.json(AuditChange("checkout", to: order.amount?.description ?? order.plan ?? ""))
            try await source.note("credit.checkout", request.id, changes, by: request.author)
            var json = JSONWriter()
            json.object { $0.member("url", url) }
            return EndpointReply(json.bytes)
        }.with {
            $0.details = "The credit is there, or the plan in force, once Stripe's event has told of the payment."
            $0.body = .fields(CheckoutOrder.fields.map(\.outline), for: .make)
            $0.status = 201
        }
    }

    private var savings: Endpoint {
        Endpoint(
            .get,
            "/organizations/{id}/savings-share",
            name: "get_savings_share",
            tag: "billing",
            "Show what an organization saved in a month, and the fee on it, step by step",
            access: .holder(Permission(.billing, .read)),
            answer: JSONSchema { $0.member("type", "object") }
        ) { [source] request in
            let organization = try await source.organization(request.id, .read, request.author)
            try await source.checkPlan(of: organization, opens: .savingsReports, to: request.author)
            let month = try Self.month(request, at: source.clock.now())
            let share = try await source.settlement.savings(
                of: request.id,
                in: month,
                basisPoints: request.query["basis_points"].flatMap { Int64($0) } ?? SavingsShare.usualBasisPoints
            )
            var json = JSONWriter()
            json.object { json in
                json.member("organization", request.id)
                json.member("month", month.description)
                share.write(to: &json)
            }
            return EndpointReply(json.bytes)
        }.with {
            $0.parameters = [
                Self.month,
                EndpointParameter(
                    "basis_points",
                    .integer(0...10_000),
                    "The fee in hundredths of a percent; 2000 without it."
                ),
            ]
        }
    }

    private var prompts: Endpoint {
        Endpoint(
            .get,
            "/organizations/{id}/prompts",
            name: "list_upgrade_prompts",
            tag: "billing",
            "List the occasions on which a larger plan would serve an organization better",
            access: .holder(Permission(.billing, .read)),
            answer: .object([("data", .list(JSONSchema { $0.member("type", "object") }))])
        ) { [source] request in
            let organization = try await source.organization(request.id, .read, request.author)
            let found = try await prompts(of: request.id, organization)
            var json = JSONWriter()
            json.object { json in
                json.array("data") { list in
                    for prompt in found { list.object { prompt.write(to: &$0) } }
                }
            }
            return EndpointReply(json.bytes)
        }
    }

    private func prompts(of id: String, _ organization: Organization) async throws -> [UpgradePrompt] {
        let (plans, month) = (try await source.plans(), BillingMonth(source.clock.now()))
        guard let plan = plans.first(where: { $0.id == organization.plan }) else { return [] }
        let book = try PlanBook(plans)
        let used = try await source.settlement.tokens(in: month, of: id)[id] ?? 0
        let share = try await source.settlement.savings(of: id, in: month)
        return [
            UpgradePrompt.quota(of: id, in: month, plan: plan, used: used, plans: book),
            UpgradePrompt.savings(of: id, in: month, plan: plan, saved: share.saved, plans: book),
        ].compactMap(\.self)
    }

    private static func month(_ request: EndpointRequest, at now: Timestamp) throws -> BillingMonth {
        guard let text = request.query["month"] else { return BillingMonth(now) }
        guard let month = BillingMonth(text) else {
            throw BillingError.invalid("month", "must be a month such as 2026-10")
        }
        return month
    }
}

/// What is to be paid.
struct CheckoutOrder: FieldGroup {
    var amount: NanoUSD?
    var plan: String?
    var token: String?

    static var fields: [GroupField<Self>] {
        GroupField("amount_usd", \.amount, .money(), "What is to stand to the organization's credit; whole cents.")
        GroupField("plan", \.plan, .id(of: .plan), "The plan to subscribe to, in place of an amount.")
        GroupField("token", \.token, .text(1...100), "The same token begins the same payment once.")
    }

    var contradictions: [FieldProblem] {
        (amount == nil) == (plan == nil) ? [FieldProblem("amount_usd", "or plan is needed, and not both")] : []
    }
}
