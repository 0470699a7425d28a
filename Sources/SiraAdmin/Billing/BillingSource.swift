package import SiraBilling
package import SiraCore
package import SiraStorage
import SiraTenancy

/// What the endpoints of billing work on.
package struct BillingSource: Sendable {
    package var desk: ResourceDesk
    package var audit: any AuditStore
    package var settlement: Settlement
    package var codes: CodeDesk
    package var invoices: InvoiceDesk
    package var invoiceStore: any InvoiceStore
    package var prompts: PromptDesk
    package var clock: GatewayClock
    /// All plans, from the cheapest to the dearest.
    package var plans: @Sendable () async throws -> [Plan]
    /// Where payments are begun; nil where Stripe is not set up.
    package var till: @Sendable () -> StripeTill?
    /// Who invoices.
    package var seller: @Sendable () -> InvoiceDraft.Party

    package var books: Books { settlement.books }
    /// Which plans organizations had.
    var history: PlanHistory { PlanHistory(audit: audit, plans: plans) }

    package init(
        desk: ResourceDesk,
        audit: any AuditStore,
        settlement: Settlement,
        documents: any DocumentStore,
        invoices: any InvoiceStore,
        clock: GatewayClock,
        plans: @escaping @Sendable () async throws -> [Plan],
        till: @escaping @Sendable () -> StripeTill?,
        seller: @escaping @Sendable () -> InvoiceDraft.Party
    ) {
        self.desk = desk
        self.audit = audit
        self.settlement = settlement
        codes = CodeDesk(documents: documents, books: settlement.books)
        self.invoices = InvoiceDesk(invoices: invoices, books: settlement.books)
        invoiceStore = invoices
        prompts = PromptDesk(documents: documents)
        self.clock = clock
        self.plans = plans
        self.till = till
        self.seller = seller
    }

    /// - Throws: ``EndpointError`` where Stripe is not set up.
    func openTill() throws -> StripeTill {
        guard let till = till() else {
            throw EndpointError(409, "not_set_up", "Stripe is not set up: see billing.stripe in the configuration.")
        }
        return till
    }

    /// All endpoints of billing.
    package var endpoints: [Endpoint] {
        let all =
            CreditEndpoints(source: self).all + CodeEndpoints(source: self).all + InvoiceEndpoints(source: self).all
            + PaymentEndpoints(source: self).all + SubscriptionEndpoints(source: self).all
        return all.map { $0.tellingOfBilling() }
    }

    /// The organization of that id, where the author may do this to its money.
    func organization(_ id: String, _ verb: Permission.Verb, _ author: Author) async throws -> Organization {
        let book = try await desk.book()
        let lineage = book.lineage(of: Scope(.organization, id))
        guard let organization = book.organizations[id],
            author.authority.allows(Permission(.billing, .read), in: lineage)
        else { throw DeskError.missing(kind: "organization", id: id) }
        guard author.authority.allows(Permission(.billing, verb), in: lineage) else {
            throw DeskError.forbidden("This needs \(Permission(.billing, verb)) where the organization is.")
        }
        return organization
    }

    /// Refuses what an organization's plan does not open to its own people; the gateway's own may see all.
    func checkPlan(of organization: Organization, opens feature: Plan.Feature, to author: Author) async throws {
        guard !author.authority.allows(Permission(.billing, .read), in: [.gateway]) else { return }
        let plans = try await plans()
        guard let plan = plans.first(where: { $0.id == organization.plan }), !plan.allows(feature) else { return }
        let larger = try PlanBook(plans).cheapest(above: plan.id, with: feature)
        throw EndpointError(
            403,
            "plan_feature",
            "The plan \(plan.name) does not open \(feature.rawValue)."
                + (larger.map { " The plan \($0.name) does." } ?? "")
        )
    }

    /// Writes into the trail what was done to money.
    func note(
        _ action: String,
        _ subject: String,
        _ changes: [UInt8],
        reason: String? = nil,
        by author: Author
    ) async throws {
        try await audit.append(
            AuditEntry(
                at: clock.now(),
                actor: author.actor,
                address: author.address,
                action: action,
                subject: subject,
                changes: changes,
                reason: reason ?? author.reason
            )
        )
    }
}

extension Endpoint {
    /// The same, with what billing refuses told in its words.
    fileprivate func tellingOfBilling() -> Endpoint {
        with { endpoint in
            let handle = endpoint.handle
            endpoint.handle = { request in
                do {
                    return try await handle(request)
                } catch let error as BillingError {
                    throw EndpointError(error)
                } catch let error as TransferStoreError {
                    throw EndpointError(409, "not_booked", "\(error).")
                } catch let error as CodeRejection {
                    throw EndpointError(error == .unknown ? 404 : 409, "code_not_taken", "\(error).")
                } catch let error as StripeFailure {
                    var told = EndpointError(502, "payment_provider_failed", error.tenantWords)
                    told.logged = "\(error)"
                    throw told
                }
            }
        }
    }
}

extension EndpointError {
    fileprivate init(_ error: BillingError) {
        switch error {
        case .invalid(let field, let problem):
            self.init(422, "invalid_fields", "\(error).", fields: [FieldProblem(field, problem)])
        case .settledMore, .contended: self.init(409, "unfit_state", "\(error).")
        case .outOfRange, .inexact, .unbalanced: self.init(422, "invalid_fields", "\(error).")
        }
    }
}
