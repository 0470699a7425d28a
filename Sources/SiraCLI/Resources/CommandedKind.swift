import SiraTenancy

/// A kind of resource that has commands of its own.
///
/// The argument parser makes commands from their types alone, so each kind is a type.
protocol CommandedKind: Sendable {
    static var kind: ResourceKind { get }
}

enum OrganizationsKind: CommandedKind { static var kind: ResourceKind { .organization } }
enum TeamsKind: CommandedKind { static var kind: ResourceKind { .team } }
enum ProjectsKind: CommandedKind { static var kind: ResourceKind { .project } }
enum UsersKind: CommandedKind { static var kind: ResourceKind { .user } }
enum ServiceAccountsKind: CommandedKind { static var kind: ResourceKind { .serviceAccount } }
enum RolesKind: CommandedKind { static var kind: ResourceKind { .role } }
enum LimitsKind: CommandedKind { static var kind: ResourceKind { .limit } }
enum BudgetsKind: CommandedKind { static var kind: ResourceKind { .budget } }
enum PriceRulesKind: CommandedKind { static var kind: ResourceKind { .priceRule } }
enum ExchangeRatesKind: CommandedKind { static var kind: ResourceKind { .exchangeRate } }
enum PlansKind: CommandedKind { static var kind: ResourceKind { .plan } }
enum AlertRulesKind: CommandedKind { static var kind: ResourceKind { .alertRule } }
enum AlertChannelsKind: CommandedKind { static var kind: ResourceKind { .alertChannel } }
/// For the commands of `sira keys` that are those of all resources.
enum KeysKind: CommandedKind { static var kind: ResourceKind { .key } }

extension CommandedKind {
    /// Its name in commands, such as `service-accounts`.
    static var path: String { kind.path }

    static var noun: String { kind.noun }

    /// With its article.
    static var one: String { "\("aeiou".contains(noun.prefix(1)) ? "an" : "a") \(noun)" }
}
