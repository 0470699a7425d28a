package import SiraCore
package import SiraJSON
import SiraStorage

/// Which plan an organization has, and how its payment stands.
package struct SubscriptionState: Hashable, Sendable {
    package enum Status: String, Hashable, Sendable, CaseIterable {
        case active
        /// A payment failed, and is tried again.
        case pastDue = "past_due"
        /// It is over, or was never paid.
        case ended
    }

    package let organization: String
    /// The plan's id.
    package var plan: String
    package var status: Status
    /// At Stripe; nil for plans that an operator gave.
    package var customer: String?
    package var subscription: String?
    package var periodStart: Timestamp?
    package var periodEnd: Timestamp?
    /// Whether it ends when the period does.
    package var endsWithPeriod = false
    /// The plan that the organization was put on for it; nil until then, and once that was undone.
    package internal(set) var givenPlan: String?
    /// The plan that the organization was on before; nil for none, and while it is not known.
    var planBefore: String?
    var knowsPlanBefore = false
    /// When what it says happened; what happened before is not taken over any more.
    package var changedAt: Timestamp

    package init(organization: String, plan: String, status: Status, changedAt: Timestamp) {
        self.organization = organization
        self.plan = plan
        self.status = status
        self.changedAt = changedAt
    }

    /// Takes over what Stripe says of it.
    mutating func take(_ told: StripeSubscription, settings: StripeSettings, at time: Timestamp) {
        subscription = told.id
        customer = told.customer
        if let price = told.price, let plan = settings.plan(price: price) { self.plan = plan }
        status =
            switch told.status {
            case "active", "trialing": .active
            case "past_due", "unpaid", "incomplete", "paused": .pastDue
            default: .ended
            }
        periodStart = told.periodStart ?? periodStart
        periodEnd = told.periodEnd ?? periodEnd
        endsWithPeriod = told.endsWithPeriod
        changedAt = time
    }

    /// Writes all of it as members of an object, as it is shown.
    package func write(to json: inout JSONWriter) {
        json.member("organization", organization)
        json.member("plan", plan)
        json.member("status", status.rawValue)
        json.member("stripe_customer", orNull: customer)
        json.member("stripe_subscription", orNull: subscription)
        json.member("period_start", orNull: periodStart?.description)
        json.member("period_end", orNull: periodEnd?.description)
        json.member("ends_with_period", endsWithPeriod)
        json.member("changed_at", changedAt.description)
        json.member("given_plan", orNull: givenPlan)
    }

    var json: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            write(to: &json)
            // As numbers, too, since these are read again.
            json.member("period_start_us", orNull: periodStart?.microseconds)
            json.member("period_end_us", orNull: periodEnd?.microseconds)
            json.member("changed_at_us", changedAt.microseconds)
            if knowsPlanBefore { json.member("plan_before", orNull: planBefore) }
        }
        return json.bytes
    }

    /// Reads what ``json`` writes.
    init(json text: [UInt8]) throws {
        self = try JSONIndexer().read(text, limits: .answer) { root in
            guard let organization = root["organization"]?.string, let plan = root["plan"]?.string,
                let status = root["status"]?.string.flatMap({ Status(rawValue: $0) }),
                let changedAt = root["changed_at_us"]?.integer
            else { throw StoreError.unreadable("a subscription") }
            var state = SubscriptionState(
                organization: organization,
                plan: plan,
                status: status,
                changedAt: Timestamp(microseconds: changedAt)
            )
            state.customer = root["stripe_customer"]?.string
            state.subscription = root["stripe_subscription"]?.string
            state.periodStart = root["period_start_us"]?.integer.map { Timestamp(microseconds: $0) }
            state.periodEnd = root["period_end_us"]?.integer.map { Timestamp(microseconds: $0) }
            state.givenPlan = root["given_plan"]?.string
            (state.planBefore, state.knowsPlanBefore) = (root["plan_before"]?.string, root["plan_before"] != nil)
            state.endsWithPeriod = root["ends_with_period"]?.bool ?? false
            return state
        }
    }
}
