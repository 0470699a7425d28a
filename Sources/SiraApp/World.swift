package import SiraCatalog
package import SiraConfiguration
package import SiraRouting

/// What one configuration means: the facts, the ways to providers and the names that lead there.
///
/// Immutable; a new configuration makes a new one.
package struct World: Sendable {
    /// The catalogue with the configuration's own facts.
    package let catalog: Catalog
    /// What names lead to.
    package let directory: Directory
    /// The providers that can be used: those of the configuration in its order, then those that the environment
    /// switched on, in the catalogue's order.
    package let accesses: [ProviderAccess]
    /// For each of ``accesses``, in the same order, what switched it on.
    package let sources: [Source]
    /// What is odd but does not keep the gateway from working: one sentence each, without secrets.
    package let warnings: [String]

    /// What switched a provider on.
    package struct Source: Hashable, Sendable {
        /// The provider's id.
        package let provider: String
        /// `configuration`, or the environment variable that did, such as `OPENAI_API_KEY`.
        package let origin: String
    }

    /// What switched the access of this name on.
    package func origin(of access: String) -> String {
        zip(accesses, sources).first { $0.0.name == access }?.1.origin ?? "configuration"
    }

    /// Works out what `settings` mean in `environment`.
    ///
    /// - Parameter memory: what routing remembers of the configurations before.
    /// - Throws: everything in them that cannot be, with its place in the file.
    package init(
        settings: Settings,
        environment: Environment,
        memory: RoutingMemory = RoutingMemory()
    ) throws(ConfigurationErrors) {
        let file = settings.origin.file
        let embedded: Catalog
        do throws(CatalogError) {
            embedded = try Catalog.embedded()
        } catch {
            throw ConfigurationErrors(file: file, problems: error.configurationProblems)
        }
        var providers = ProviderPlan(settings: settings, environment: environment, catalog: embedded)
        let known = try Self.applying(providers.overrides, to: embedded, providers.problems, file)
        providers.open(with: known)
        let names = ModelNames(settings: settings, catalog: known, accesses: providers.accesses)
        let problems = providers.problems + names.problems
        let catalog = try Self.applying(names.overrides, to: known, problems, file)
        guard problems.isEmpty else {
            throw ConfigurationErrors(file: file, problems: [], readable: settings).adding(problems)
        }

        let directory = Directory(
            catalog: catalog,
            accesses: providers.accesses,
            aliases: names.aliases,
            routes: settings.routeSpecs,
            auto: settings.routing.auto.models,
            health: memory.health,
            turns: memory.turns
        )
        self.catalog = catalog
        self.directory = directory
        accesses = providers.accesses
        sources = providers.sources
        warnings = providers.warnings + names.warnings + directory.problems
    }

    /// The catalogue with `overrides`; what cannot be in them is thrown along with the `problems` found before.
    private static func applying(
        _ overrides: CatalogOverrides,
        to catalog: Catalog,
        _ problems: [ConfigurationProblem],
        _ file: String?
    ) throws(ConfigurationErrors) -> Catalog {
        do throws(CatalogError) {
            return try catalog.applying(overrides)
        } catch {
            throw ConfigurationErrors(file: file, problems: problems + error.configurationProblems)
        }
    }
}

extension CatalogError {
    /// Each problem, without a place: it is not the file as it was written that is at fault.
    fileprivate var configurationProblems: [ConfigurationProblem] {
        problems.map { ConfigurationProblem(message: $0) }
    }
}
