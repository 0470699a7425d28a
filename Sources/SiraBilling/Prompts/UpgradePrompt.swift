package import SiraCore

/// An occasion on which somebody is told that a larger plan would serve them.
package struct UpgradePrompt: Hashable, Sendable {
    /// The occasions.
    package enum Occasion: Hashable, Sendable {
        /// So many of the month's tokens are used.
        case quota(used: Int64, limit: Int64)
        /// So much was saved this month, which is a milestone.
        case savings(saved: NanoUSD, milestone: NanoUSD)
        /// Something was asked for that the plan does not open.
        case feature(Plan.Feature)

        /// The word that shows and settings use.
        package var label: String {
            switch self {
            case .quota: "quota"
            case .savings: "savings"
            case .feature: "feature"
            }
        }
    }

    package let organization: String
    package let month: BillingMonth
    package let occasion: Occasion
    /// The id of the plan that would serve.
    package let suggestedPlan: String

    /// The share of the quota from which on it is an occasion, in thousandths.
    package static let quotaShare: Int64 = 800
    /// What has to be saved in a month, each an occasion of its own.
    package static let milestones = [100, 1_000, 10_000, 100_000].map { NanoUSD(nanos: $0 * NanoUSD.perDollar) }

    /// What names the prompt: there is one of a name.
    package var name: String {
        let about =
            switch occasion {
            case .quota: "quota"
            case .savings(_, let milestone): "savings/\(milestone.nanos / NanoUSD.perDollar)"
            case .feature(let feature): "feature/\(feature.rawValue)"
            }
        return "\(organization)/\(month)/\(about)"
    }
}

extension UpgradePrompt {
    /// At 80 % of the month's tokens; nil before, and where there is no larger plan.
    package static func quota(
        of organization: String,
        in month: BillingMonth,
        plan: Plan,
        used: Int64,
        plans: PlanBook
    ) -> UpgradePrompt? {
        let state = QuotaState(plan: plan, used: used)
        guard let limit = state.limit, let share = state.share, share >= quotaShare,
            let next = plans.above(plan.id)
        else { return nil }
        return UpgradePrompt(
            organization: organization,
            month: month,
            occasion: .quota(used: state.used, limit: limit),
            suggestedPlan: next.id
        )
    }

    /// At the greatest milestone that the month's savings have reached; nil before the first, and where there is no
    /// larger plan.
    package static func savings(
        of organization: String,
        in month: BillingMonth,
        plan: Plan,
        saved: NanoUSD,
        plans: PlanBook
    ) -> UpgradePrompt? {
        guard let milestone = milestones.last(where: { $0 <= saved }), let next = plans.above(plan.id) else {
            return nil
        }
        return UpgradePrompt(
            organization: organization,
            month: month,
            occasion: .savings(saved: saved, milestone: milestone),
            suggestedPlan: next.id
        )
    }

    /// Where a feature was asked for that the plan does not open; nil where it does, or no larger plan does.
    package static func feature(
        _ feature: Plan.Feature,
        of organization: String,
        in month: BillingMonth,
        plan: Plan,
        plans: PlanBook
    ) -> UpgradePrompt? {
        guard !plan.allows(feature), let larger = plans.cheapest(above: plan.id, with: feature) else { return nil }
        return UpgradePrompt(
            organization: organization,
            month: month,
            occasion: .feature(feature),
            suggestedPlan: larger.id
        )
    }
}
