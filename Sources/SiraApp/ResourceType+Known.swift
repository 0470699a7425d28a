import SiraAlerts
import SiraBilling
package import SiraStorage

extension ResourceType {
    /// The kinds of all modules.
    package static let known = all + [PlanTerms.type, AlertRuleTerms.type, AlertChannelTerms.type]
}
