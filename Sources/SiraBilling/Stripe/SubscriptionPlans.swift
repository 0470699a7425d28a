import SiraCore
import SiraJSON
package import SiraStorage
import SiraTenancy

/// Puts organizations on the plans that they subscribe to, and back on the one before once that is over.
///
/// What was done is written down with the subscription, so that an event that is told of again undoes nothing that
/// somebody has changed since.
package struct SubscriptionPlans: Sendable {
    private let desk: ResourceDesk
    private let documents: any DocumentStore

    package init(desk: ResourceDesk, documents: any DocumentStore) {
        self.desk = desk
        self.documents = documents
    }

    /// Brings an organization's plan to what its subscription says.
    ///
    /// A subscription that is paid for, or on trial, gives its plan. One whose payment failed leaves the plan as it is.
    /// Once it has ended, the organization is on the plan again that it was on before, unless that was removed or it was
    /// given another one by hand meanwhile.
    ///
    /// - Parameter event: the id of the event at Stripe that this is done for.
    /// - Throws: ``DeskError`` when the plan cannot be given, and the stores' errors; then the same may be asked again.
    func carryOut(of organization: String, because event: String) async throws {
        guard let state = try await documents.document(.subscription, organization).map(SubscriptionState.init(json:)),
            let tenant = try await desk.book().organizations[organization]
        else { return }
        switch state.status {
        case .active where state.givenPlan != state.plan:
            try await note(state) { state in
                guard state.givenPlan == nil, !state.knowsPlanBefore else { return }
                (state.planBefore, state.knowsPlanBefore) = (tenant.plan, true)
            }
            if tenant.plan != state.plan { try await put(organization, on: state.plan, because: event) }
            try await note(state) { $0.givenPlan = state.plan }
        case .ended where state.givenPlan != nil:
            // Without a plan nothing is withheld: one whose plan before was removed keeps the one it has.
            if tenant.plan == state.givenPlan, try await isThere(state.planBefore) {
                try await put(organization, on: state.planBefore, because: event)
            }
            try await note(state) { state in
                (state.givenPlan, state.planBefore, state.knowsPlanBefore) = (nil, nil, false)
            }
        case .active, .pastDue, .ended: break
        }
    }

    /// Whether a plan was not removed meanwhile; none cannot be.
    private func isThere(_ plan: String?) async throws -> Bool {
        guard let plan else { return true }
        do {
            _ = try await desk.resource(.plan, plan, for: Self.author(""))
            return true
        } catch DeskError.missing {
            return false
        }
    }

    private func put(_ organization: String, on plan: String?, because event: String) async throws {
        var patch = JSONWriter()
        patch.object { json in
            if let plan { json.member("plan", plan) } else { json.null("plan") }
        }
        let author = Self.author("Stripe's event \(event)")
        _ = try await desk.change(.organization, organization, with: patch.bytes, by: author)
    }

    private static func author(_ reason: String) -> Author {
        Author(actor: "stripe", reason: reason, authority: .owner)
    }

    /// Writes down what was done, unless the organization has another subscription by now.
    private func note(
        _ seen: SubscriptionState,
        _ change: @escaping @Sendable (inout SubscriptionState) -> Void
    )
        async throws
    {
        _ = try await documents.update(.subscription, seen.organization) { kept in
            guard let kept else { return nil }
            var state = try SubscriptionState(json: kept)
            guard state.subscription == seen.subscription else { return nil }
            change(&state)
            return state.json
        }
    }
}
