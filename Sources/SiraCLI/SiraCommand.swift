import ArgumentParser
import SiraApp

/// The root of all commands.
struct SiraCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sira",
        abstract: "A gateway for large language models.",
        discussion: """
            Without configuration, `sira serve` uses every provider whose key is in the environment, such as \
            OPENAI_API_KEY.
            """,
        version: siraVersion,
        groupedSubcommands: [
            CommandGroup(
                name: "Running",
                subcommands: [
                    ServeCommand.self, InitCommand.self, CheckCommand.self, DoctorCommand.self, SchemaCommand.self,
                    VersionCommand.self, HealthCommand.self, ConfigCommand.self,
                ]
            ),
            CommandGroup(name: "Access", subcommands: [KeysCommand.self, InviteCommand.self, AuditCommand.self]),
            CommandGroup(
                name: "Tenants",
                subcommands: [
                    ResourceCommand<OrganizationsKind>.self, ResourceCommand<TeamsKind>.self,
                    ResourceCommand<ProjectsKind>.self, ResourceCommand<UsersKind>.self,
                    ResourceCommand<ServiceAccountsKind>.self, ResourceCommand<RolesKind>.self,
                ]
            ),
            CommandGroup(
                name: "Money",
                subcommands: [
                    ResourceCommand<LimitsKind>.self, ResourceCommand<BudgetsKind>.self,
                    ResourceCommand<PriceRulesKind>.self, ResourceCommand<ExchangeRatesKind>.self,
                    ResourceCommand<PlansKind>.self, CreditCommand.self, CodesCommand.self, InvoicesCommand.self,
                ]
            ),
            CommandGroup(
                name: "Alerts",
                subcommands: [
                    AlertsCommand.self, ResourceCommand<AlertRulesKind>.self, ResourceCommand<AlertChannelsKind>.self,
                ]
            ),
            CommandGroup(
                name: "Facts",
                subcommands: [ProvidersCommand.self, ModelsCommand.self, PriceCommand.self, RouteCommand.self]
            ),
            CommandGroup(
                name: "Reports",
                subcommands: [
                    ForecastCommand.self, AnomaliesCommand.self, AdviceCommand.self, ReturnsCommand.self,
                    ReplayCommand.self, ReconcileCommand.self,
                ]
            ),
            CommandGroup(
                name: "Books",
                subcommands: [UsageCommand.self, LogsCommand.self, ExplainCommand.self, ExperimentsCommand.self]
            ),
        ]
    )
}
